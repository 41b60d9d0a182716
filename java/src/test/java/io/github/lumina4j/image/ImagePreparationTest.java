package io.github.lumina4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.RgbImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Crops against golden/image_preparation.json: the reference's own, run with Pillow. */
class ImagePreparationTest {
  private static JsonNode golden() throws IOException {
    return new ObjectMapper().readTree(TestPictures.resource("/golden/image_preparation.json"));
  }

  private static Stream<JsonNode> rows(String name) throws IOException {
    return StreamSupport.stream(golden().get(name).spliterator(), false);
  }

  static Stream<JsonNode> cases() throws IOException {
    return rows("cases");
  }

  static Stream<JsonNode> choices() throws IOException {
    return rows("chosen");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void center_crop_is_that_of_the_reference_byte_for_byte(JsonNode row) {
    int width = row.get("width").asInt();
    int height = row.get("height").asInt();
    RgbImage source =
        row.get("smooth").asBoolean()
            ? TestPictures.smooth(width, height)
            : TestPictures.noise("crop", width, height);
    RgbImage crop =
        CenterCrop.centerCrop(
            source, row.get("crop").get(0).asInt(), row.get("crop").get(1).asInt());

    assertThat(List.of(crop.width(), crop.height())).isEqualTo(ints(row.get("size")));
    byte[] bytes = crop.pixels();
    assertThat(values(bytes, 0)).isEqualTo(ints(row.get("first")));
    assertThat(values(bytes, bytes.length - 6)).isEqualTo(ints(row.get("last")));
    long sum = 0;
    for (byte b : bytes) {
      sum += b & 0xff;
    }
    assertThat(sum).isEqualTo(row.get("sum").asLong());
    assertThat(TestPictures.sha256(bytes)).isEqualTo(row.get("sha256").asText());
  }

  /** SHA-256 values are of the reference's function, run with Pillow 12.3.0. */
  @ParameterizedTest
  @CsvSource({
    "32,31,48,44,4a544b16c6c355f9cf72d0ba9cd7593cb07fdc4de41646087dff2eec9cc11a13",
    "31,32,44,48,8e80f1e81b98ab994eb7cede1da8913ff6570515aea8642d594e3ef461782908"
  })
  void half_a_pixel_is_rounded_to_even(
      int width, int height, int cropWidth, int cropHeight, String sha256) {
    // Scaled by 1.5, the side of 31 becomes 46.5.
    RgbImage source = TestPictures.noise("crop", width, height);
    RgbImage crop = CenterCrop.centerCrop(source, cropWidth, cropHeight);
    assertThat(TestPictures.sha256(crop.pixels())).isEqualTo(sha256);
  }

  static Stream<JsonNode> transparentCrops() throws IOException {
    return StreamSupport.stream(
        new ObjectMapper()
            .readTree(TestPictures.resource("/golden/transparent_crops.json"))
            .spliterator(),
        false);
  }

  @ParameterizedTest
  @MethodSource("transparentCrops")
  void transparent_pictures_are_scaled_first_and_put_on_white_then(JsonNode row)
      throws IOException {
    byte[] file = TestPictures.resource("/images/" + row.get("file").asText());
    RgbImage picture = ImageFiles.read(new ByteArrayInputStream(file), "picture");
    assertThat(picture.transparent()).isTrue();
    RgbImage crop =
        CenterCrop.centerCrop(
            picture, row.get("crop").get(0).asInt(), row.get("crop").get(1).asInt());
    assertThat(TestPictures.sha256(crop.pixels())).isEqualTo(row.get("sha256").asText());
  }

  @Test
  void crop_sizes_are_those_of_the_reference_in_its_order() throws IOException {
    JsonNode lists = golden().get("crop_size_lists");
    assertThat(lists.size()).isEqualTo(3);
    lists
        .fields()
        .forEachRemaining(
            entry -> {
              List<ImageSize> expected = new ArrayList<>();
              entry.getValue().forEach(s -> expected.add(size(s)));
              assertThat(CenterCrop.cropSizes(Integer.parseInt(entry.getKey())))
                  .isEqualTo(expected);
            });
  }

  @ParameterizedTest
  @MethodSource("choices")
  void the_nearest_shape_is_chosen_as_by_the_reference(JsonNode row) {
    List<ImageSize> sizes = CenterCrop.cropSizes(row.get("target").asInt());
    assertThat(CenterCrop.chooseSize(row.get("width").asInt(), row.get("height").asInt(), sizes))
        .isEqualTo(size(row.get("size")));
  }

  @Test
  void a_listed_size_is_left_alone() {
    RgbImage image = TestPictures.noise("crop", 288, 192);
    assertThat(CenterCrop.varCenterCrop(image, CenterCrop.cropSizes(256))).isSameAs(image);
  }

  @Test
  void other_sizes_are_cropped_to_the_nearest_shape() {
    RgbImage image = TestPictures.noise("crop", 300, 210);
    assertThat(CenterCrop.varCenterCrop(image, CenterCrop.cropSizes(256)))
        .isEqualTo(CenterCrop.centerCrop(image, 288, 192));
  }

  @Test
  void of_equally_near_shapes_the_widest_wins() {
    List<ImageSize> sizes = List.of(new ImageSize(32, 64), new ImageSize(64, 32));
    assertThat(CenterCrop.chooseSize(50, 50, sizes)).isEqualTo(new ImageSize(64, 32));
    assertThat(CenterCrop.chooseSize(50, 50, List.of(sizes.get(1), sizes.get(0))))
        .isEqualTo(new ImageSize(64, 32));
  }

  @Test
  void a_thin_strip_is_cropped_without_building_the_enlarged_picture() {
    // Enlarged to cover 768x768 this would have 12,000,000 pixels' height: 27 GiB.
    RgbImage strip = TestPictures.plain(1, 16_000, 0x123456);
    assertThat(CenterCrop.centerCrop(strip, 768, 768))
        .isEqualTo(TestPictures.plain(768, 768, 0x123456));
  }

  @Test
  void impossible_targets_are_refused() {
    RgbImage image = TestPictures.noise("crop", 8, 8);
    assertThatThrownBy(() -> CenterCrop.centerCrop(image, 0, 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cannot crop to 0x32 pixels");
    assertThatThrownBy(() -> CenterCrop.cropSizes(31))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("crop target 31 is not 32 to");
    assertThatThrownBy(() -> CenterCrop.chooseSize(8, 8, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ImageSize size(JsonNode pair) {
    return new ImageSize(pair.get(0).asInt(), pair.get(1).asInt());
  }

  private static List<Integer> ints(JsonNode array) {
    List<Integer> result = new ArrayList<>();
    array.forEach(n -> result.add(n.asInt()));
    return result;
  }

  private static List<Integer> values(byte[] bytes, int from) {
    List<Integer> result = new ArrayList<>();
    for (int i = from; i < from + 6; i++) {
      result.add(bytes[i] & 0xff);
    }
    return result;
  }
}
