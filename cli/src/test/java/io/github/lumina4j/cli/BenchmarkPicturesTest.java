package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.image.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code lumina evaluate} with {@code --geneval} and {@code --dpg}. */
class BenchmarkPicturesTest extends CommandTest {
  @Test
  void geneval_gets_its_folders_and_pictures_that_are_there_are_kept() throws IOException {
    String first = "{\"tag\": \"colors\", \"include\": [], \"prompt\": \"a photo of a red dog\"}";
    String second = "{\"tag\": \"position\", \"prompt\": \"a cat below a dog\"}";
    Files.writeString(file("prompts.jsonl"), first + "\n\n" + second + "\n");
    List<Object> args =
        new ArrayList<>(
            List.of("evaluate", "--geneval", file("g"), "--prompts", file("prompts.jsonl")));
    args.addAll(List.of("--size", "64x96", "--samples", 2, "-q"));
    assertThat(succeed(args.toArray()).out()).isEqualTo(file("g") + ": 4 pictures drawn\n");
    assertThat(Files.readString(file("g/00000/metadata.jsonl"))).isEqualTo(first + "\n");
    assertThat(Files.readString(file("g/00001/metadata.jsonl"))).isEqualTo(second + "\n");
    RgbImage picture = ImageFiles.read(file("g/00001/samples/00001.png"));
    assertThat(List.of(picture.width(), picture.height())).containsExactly(64, 96);
    assertThat(backend.requests)
        .extracting(request -> request.prompt())
        .containsExactly(
            "a photo of a red dog",
            "a photo of a red dog",
            "a cat below a dog",
            "a cat below a dog");
    assertThat(backend.requests).doesNotHaveDuplicates();

    byte[] before = Files.readAllBytes(file("g/00001/samples/00000.png"));
    Files.delete(file("g/00001/samples/00000.png"));
    assertThat(succeed(args.toArray()).out())
        .isEqualTo(file("g") + ": 1 pictures drawn, 3 there before\n");
    assertThat(Files.readAllBytes(file("g/00001/samples/00000.png"))).isEqualTo(before);
    assertThat(backend.opened).hasSize(2);
    assertThat(succeed(args.toArray()).out()).contains(": 0 pictures drawn, 4 there before");
    assertThat(backend.opened).hasSize(2); // nothing to draw, nothing to load
  }

  @Test
  void prompts_that_cannot_be_read_are_named() throws IOException {
    for (String[] bad :
        new String[][] {{"{\"tag\": 1}", ", line 1: no prompt"}, {"oops", ", line 1: not JSON"}}) {
      Files.writeString(file("p"), bad[0]);
      refuse(1, bad[1], "evaluate", "--geneval", file("g"), "--prompts", file("p"));
    }
    refuse(1, "no such file", "evaluate", "--geneval", file("g"), "--prompts", file("none"));
    assertThat(Stream.of(folder.toFile().list())).doesNotContain("g");
  }

  private Object[] geneval(Object... more) throws IOException {
    Files.writeString(file("p.jsonl"), "{\"prompt\": \"a dog\"}\n{\"prompt\": \"a cat\"}\n");
    List<Object> args =
        new ArrayList<>(List.of("evaluate", "--geneval", file("g"), "--prompts", file("p.jsonl")));
    args.addAll(List.of("--size", "32x32", "-q"));
    args.addAll(List.of(more));
    return args.toArray();
  }

  private Path sample(int prompt, int number) {
    return file("g/0000" + prompt + "/samples/0000" + number + ".png");
  }

  @Test
  void geneval_draws_the_samples_of_a_prompt_side_by_side() throws IOException {
    backend.together = 8;
    succeed(geneval());
    assertThat(backend.groups).containsExactly(4, 4);
    byte[] before = Files.readAllBytes(sample(1, 2));
    backend.groups.clear();
    backend.requests.clear();
    Files.delete(sample(1, 0));
    Files.delete(sample(1, 2));
    Files.delete(sample(1, 3));
    assertThat(succeed(geneval()).out()).contains("3 pictures drawn, 5 there before");
    assertThat(backend.groups).containsExactly(1, 2);
    assertThat(Files.readAllBytes(sample(1, 2))).isEqualTo(before);
  }

  @Test
  void each_sample_can_be_the_best_of_several() throws IOException {
    backend.together = 8;
    List<GenerationRequest> scored = new ArrayList<>();
    backend.likelihood =
        (request, codes) -> {
          scored.add(request);
          return scored.size() % 3 == 2 ? -1 : -2; // the second of three
        };
    succeed(geneval("--best-of", 3, "--verifier", "likelihood", "--samples", 2));
    assertThat(backend.groups).containsExactly(3, 3, 3, 3);
    long first = backend.requests.get(0).sampling().seed();
    assertThat(backend.requests.subList(0, 6))
        .extracting(request -> request.sampling().seed() - first)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    GenerationRequest chosen = backend.requests.get(4); // of the second sample
    RgbImage picture = backend.open(null).generate(chosen, null, program.cancellation).image();
    assertThat(ImageFiles.read(sample(0, 1))).isEqualTo(picture);
  }

  private Object[] dpg(Object... more) throws IOException {
    Path prompts = Files.createDirectories(file("prompts"));
    Files.writeString(prompts.resolve("partiprompts1.txt"), "A red fox in snow.\n");
    Files.writeString(prompts.resolve("COCOval2014.txt"), "Two cats.");
    Files.writeString(prompts.resolve("readme.md"), "not a prompt");
    List<Object> args = new ArrayList<>(List.of("evaluate", "--dpg", prompts, "-o", file("out")));
    args.addAll(List.of("--size", "32x64", "-q"));
    args.addAll(List.of(more));
    return args.toArray();
  }

  @Test
  void dpg_gets_a_grid_of_four_for_each_item() throws IOException {
    backend.together = 8;
    assertThat(succeed(dpg()).out()).isEqualTo(file("out") + ": 2 grids drawn\n");
    assertThat(file("out").toFile().list())
        .containsExactlyInAnyOrder("partiprompts1.png", "COCOval2014.png");
    assertThat(backend.groups).containsExactly(4, 4);
    assertThat(backend.requests)
        .extracting(GenerationRequest::prompt)
        .containsOnly("A red fox in snow.", "Two cats.");
    RgbImage grid = ImageFiles.read(file("out/COCOval2014.png"));
    assertThat(List.of(grid.width(), grid.height())).containsExactly(64, 128);
    Backend.Session session = backend.open(null);
    for (int i = 0; i < 4; i++) {
      assertThat(grid.crop(i % 2 * 32, i / 2 * 64, 32, 64))
          .as("sample %s", i)
          .isEqualTo(session.generate(backend.requests.get(i), null, program.cancellation).image());
    }
  }

  @Test
  void dpg_goes_on_where_it_stopped() throws IOException {
    succeed(dpg());
    byte[] before = Files.readAllBytes(file("out/partiprompts1.png"));
    Files.delete(file("out/partiprompts1.png"));
    assertThat(succeed(dpg("--json")).out()).contains("\"drawn\":1", "\"earlier\":1");
    assertThat(Files.readAllBytes(file("out/partiprompts1.png"))).isEqualTo(before);
    int opened = backend.opened.size();
    assertThat(succeed(dpg()).out()).contains(": 0 grids drawn, 2 there before");
    assertThat(backend.opened).hasSize(opened);
  }

  @Test
  void dpg_takes_the_best_of_several_too() throws IOException {
    backend.together = 8;
    succeed(dpg("--best-of", 2, "--verifier", "likelihood"));
    assertThat(backend.groups).containsExactly(2, 2, 2, 2, 2, 2, 2, 2);
  }

  @Test
  void what_cannot_be_combined_is_refused() throws IOException {
    refuse(2, "--geneval and --prompts must be", "evaluate", "--geneval", file("g"));
    refuse(2, "--size is for --geneval and --dpg", "evaluate", "--size", "96x96");
    refuse(2, "cannot be combined with --groups or --limit", geneval("--limit", 1));
    refuse(2, "cannot be combined with -o", geneval("-o", file("o")));
    refuse(2, "--best-of needs --verifier with --geneval", geneval("--best-of", 2));
    refuse(2, "--best-of needs --verifier with --dpg", dpg("--best-of", 2));
    refuse(2, "--dpg cannot be combined with --samples", dpg("--samples", 2));
    refuse(2, "--dpg needs -o", "evaluate", "--dpg", file("prompts"));
    refuse(2, "--geneval and --dpg cannot be combined", geneval("--dpg", file("prompts")));
    Object[] rewrite = {"evaluate", "--rewrite", "http://localhost/v1", "--rewrite-model", "m"};
    refuse(2, "--rewrite is for --geneval and --dpg", rewrite);
    refuse(1, "no such folder", "evaluate", "--dpg", file("none"), "-o", file("out"));
    Files.createDirectory(file("empty"));
    refuse(1, "no .txt files in it", "evaluate", "--dpg", file("empty"), "-o", file("out"));
    Files.writeString(file("empty/a.txt"), " \n");
    refuse(1, "a.txt: no prompt in it", "evaluate", "--dpg", file("empty"), "-o", file("out"));
    assertThat(file("out")).doesNotExist();
  }
}
