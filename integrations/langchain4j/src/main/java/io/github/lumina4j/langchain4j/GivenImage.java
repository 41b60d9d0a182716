package io.github.lumina4j.langchain4j;

import dev.langchain4j.data.image.Image;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;

/** Pictures that callers give, which are never fetched. */
final class GivenImage {
  private static final String DATA = "data:";
  private static final String BASE64 = ";base64";

  private GivenImage() {}

  /**
   * Reads a picture of any format that {@link ImageFiles} reads; its media type does not count.
   *
   * @throws IllegalArgumentException if its data are elsewhere, or are no picture
   */
  static RgbImage read(Image image) {
    if (image == null) {
      throw new IllegalArgumentException("no picture is given");
    }
    try {
      return ImageFiles.read(new ByteArrayInputStream(bytes(image)), "to edit");
    } catch (LuminaException e) {
      if (e.code() == ErrorCode.IO) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      throw e;
    }
  }

  private static byte[] bytes(Image image) {
    if (image.base64Data() != null) {
      return decode(image.base64Data());
    }
    URI url = image.url();
    if (url == null) {
      throw new IllegalArgumentException(
          "the given picture has neither base64 data nor an address");
    }
    String text = url.toString();
    int comma = text.indexOf(',');
    if (!text.regionMatches(true, 0, DATA, 0, DATA.length())) {
      throw new IllegalArgumentException(
          "pictures are not fetched: give base64 data or a data: address, not one of "
              + (url.getScheme() == null ? "a file" : url.getScheme()));
    }
    if (comma < 0 || !text.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(BASE64)) {
      throw new IllegalArgumentException("the data: address of the given picture is not base64");
    }
    return decode(text.substring(comma + 1));
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s+", "")); // it may come in lines
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the given picture is not base64: " + e.getMessage(), e);
    }
  }
}
