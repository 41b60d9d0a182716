package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pulling, listing, using and removing a model. */
class PullCommandTest extends CommandTest {
  private SmallHub hub;

  @BeforeEach
  void startHub() throws IOException {
    hub = new SmallHub(3 << 20);
    program.variables.put("HF_ENDPOINT", hub.address());
    program.variables.put("HF_HOME", folder.resolve("cache").toString());
    program.variables.remove("LUMINA_MODEL");
  }

  @AfterEach
  void stopHub() {
    hub.close();
  }

  private Path snapshot() {
    return folder.resolve("cache/hub/models--org--model/snapshots").resolve(SmallHub.COMMIT);
  }

  @Test
  void pull_prints_the_folder_and_says_how_far_it_is() {
    Program.Result result = succeed("pull", "org/model");
    assertThat(result.out()).isEqualTo(snapshot() + "\n");
    assertThat(snapshot().resolve("model.safetensors"))
        .hasBinaryContent(hub.files.get("model.safetensors"));
    assertThat(result.err()).contains("asking for org/model\n", "3 files, 3.0 MiB\n");
    Program.Result again = succeed("pull", "org/model");
    assertThat(again.out()).isEqualTo(result.out());
    assertThat(again.err()).isEqualTo("asking for org/model\n");
    assertThat(succeed("pull", "org/model", "-q").err()).isEmpty();
  }

  @Test
  void a_terminal_shows_a_bar() {
    program.terminal = new Terminal(true, 100);
    assertThat(succeed("pull", "org/model").err()).contains("4/4 MiB", "checking");
  }

  @Test
  void pull_reports_as_json() {
    JsonNode json =
        json(succeed("pull", "org/model", "--json", "-q", "--exclude", "model.*").out());
    assertThat(json.path("repo").asText()).isEqualTo("org/model");
    assertThat(json.path("commit").asText()).isEqualTo(SmallHub.COMMIT);
    assertThat(json.path("folder").asText()).isEqualTo(snapshot().toString());
    assertThat(json.path("files").toString())
        .isEqualTo("[\"config.json\",\"movqgan.safetensors\"]");
    assertThat(json.path("bytes").asLong()).isEqualTo(5);
    assertThat(json.path("downloaded").asLong()).isEqualTo(5);
  }

  @Test
  void patterns_and_a_revision_may_be_given() {
    succeed("pull", "org/model", "--include", "*.json", "--include", "movq*", "--revision", "v1");
    assertThat(snapshot().resolve("model.safetensors")).doesNotExist();
    assertThat(folder.resolve("cache/hub/models--org--model/refs/v1")).hasContent(SmallHub.COMMIT);
  }

  @Test
  void wrong_names_are_wrong_usage() {
    refuse(2, "'model' is not ORG/NAME", "pull", "model");
    refuse(2, "'../x' is not ORG/NAME", "pull", "../x");
    refuse(2, "'a..b/../c' cannot be the name", "pull", "org/model", "--revision", "a..b/../c");
    refuse(2, "'[z-a]' is not a pattern", "pull", "org/model", "--include", "[z-a]");
    program.variables.put("HF_ENDPOINT", "hub");
    refuse(2, "HF_ENDPOINT: not an address", "pull", "org/model", "-q");
  }

  @Test
  void a_model_that_is_not_there_is_a_missing_checkpoint() {
    refuse(3, "org/other: not on the hub", "pull", "org/other", "-q");
  }

  @Test
  void a_cancelled_pull_says_how_to_go_on() {
    program.cancellation.cancel();
    Program.Result result = run("pull", "org/model");
    assertThat(result.code()).isEqualTo(130);
    assertThat(result.err())
        .endsWith(
            "what has arrived is kept; the same command continues from there\nlumina: cancelled\n");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void a_pulled_model_is_known_by_its_name() {
    refuse(
        3,
        "org/model: no such folder, and no such model in "
            + folder.resolve("cache/hub")
            + "; 'lumina pull org/model' fetches it",
        "generate",
        "fox",
        "--model",
        "org/model",
        "-q");
    refuse(
        3,
        "'lumina pull org/model --revision v1' fetches it",
        "merge",
        "org/model@v1",
        file("out"),
        "--lora",
        model());
    succeed("pull", "org/model");
    succeed("generate", "fox", "--size", "32x32", "--model", "org/model", "-o", file("fox.png"));
    assertThat(backend.opened.get(0).model()).contains(snapshot());
    assertThat(backend.opened.get(0).imageTokenizer())
        .contains(snapshot().resolve("movqgan.safetensors"));
    assertThat(succeed("inspect", file("fox.png")).out()).containsPattern("model +org/model\n");
    program.variables.put("LUMINA_MODEL", "org/model@" + SmallHub.COMMIT.substring(0, 8));
    succeed("generate", "fox", "--size", "32x32", "-o", file("fox.png"));
    assertThat(backend.opened.get(1).model()).contains(snapshot());
  }

  @Test
  void a_folder_of_the_same_name_comes_first() throws IOException {
    // Relative paths are those of the test's process, so a folder there stands for it.
    assertThat(Files.isDirectory(Path.of("src/main"))).isTrue();
    refuse(3, "src/main: no config.json", "generate", "fox", "--model", "src/main", "-q");
  }

  @Test
  void a_pulled_image_tokenizer_is_known_by_its_name() {
    program.variables.put("LUMINA_MODEL", model().toString());
    succeed("pull", "org/model", "--include", "movqgan*");
    succeed(
        "generate",
        "fox",
        "--size",
        "32x32",
        "--image-tokenizer",
        "org/model",
        "-o",
        file("fox.png"));
    assertThat(backend.opened.get(0).imageTokenizer())
        .contains(snapshot().resolve("movqgan.safetensors"));
    hub.files.put("movqgan_67M.ckpt", new byte[7]);
    succeed("pull", "org/model", "--include", "movqgan*");
    Program.Result several = run("generate", "fox", "--image-tokenizer", "org/model", "-q");
    assertThat(several.code()).isEqualTo(3);
    assertThat(several.err()).contains("several image tokenizers", "movqgan_67M.ckpt");
  }

  @Test
  void list_shows_what_is_there() {
    Program.Result empty = succeed("list");
    assertThat(empty.out()).isEmpty();
    assertThat(empty.err()).contains("no models in " + folder.resolve("cache/hub"));
    succeed("pull", "org/model");
    assertThat(succeed("list").out())
        .containsPattern("^model +revision +size +last used\n")
        .containsPattern("\norg/model +main +3.0 MiB +20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d\n$");
    JsonNode json = json(succeed("list", "--json").out());
    assertThat(json.path("cache").asText()).isEqualTo(folder.resolve("cache/hub").toString());
    JsonNode model = json.path("models").path(0);
    assertThat(model.path("repo").asText()).isEqualTo("org/model");
    assertThat(model.path("revisions").path(0).path("refs").toString()).isEqualTo("[\"main\"]");
    assertThat(model.path("revisions").path(0).path("bytes").asLong()).isEqualTo((3 << 20) + 5);
    assertThat(model.path("unfinished_bytes").asLong()).isZero();
  }

  @Test
  void list_shows_a_download_that_was_stopped() throws IOException {
    Path blobs = folder.resolve("cache/hub/models--org--model/blobs");
    Files.createDirectories(blobs);
    Files.write(blobs.resolve("a.1234.incomplete"), new byte[2048]);
    assertThat(succeed("list").out()).containsPattern("\norg/model +unfinished +2.0 KiB\n$");
  }

  @Test
  void rm_asks_in_a_terminal() {
    succeed("pull", "org/model");
    program.terminal = new Terminal(true, 80);
    Program.Result kept = program.input("\n").run("rm", "org/model");
    assertThat(kept.code()).isEqualTo(1);
    assertThat(kept.err())
        .isEqualTo("remove org/model (3.0 MiB, revisions: 1)? [y/N] lumina: org/model is kept\n");
    assertThat(program.input("").run("rm", "org/model").code()).isEqualTo(1);
    assertThat(snapshot()).isDirectory();
    Program.Result removed = program.input("y\n").run("rm", "org/model");
    assertThat(removed.code()).isZero();
    assertThat(removed.out()).isEqualTo("removed org/model, 3.0 MiB freed\n");
    assertThat(folder.resolve("cache/hub/models--org--model")).doesNotExist();
  }

  @Test
  void rm_without_a_terminal_needs_a_yes() {
    succeed("pull", "org/model");
    refuse(2, "no terminal to ask in; --yes", "rm", "org/model");
    refuse(3, "org/model@v7: not in", "rm", "org/model@v7", "--yes");
    refuse(3, "org/other: not in", "rm", "org/other", "--yes");
    assertThat(snapshot()).isDirectory();
    JsonNode json = json(succeed("rm", "org/model@main", "--yes", "--json").out());
    assertThat(json.path("removed").asText()).isEqualTo("org/model@main");
    assertThat(json.path("bytes").asLong()).isGreaterThan(3 << 20);
    assertThat(snapshot()).doesNotExist();
  }
}
