package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub with a small checkpoint, and a pull of it in chunks of 64 KiB. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class PullFixture {
  static final int CHUNK = 1 << 16;
  static final String WEIGHTS = "model.safetensors";
  static final int WEIGHT_BYTES = 9 * CHUNK + 77;

  @TempDir Path folder;

  final Map<String, String> variables = new HashMap<>();
  Duration stall = Duration.ofSeconds(30);
  long freeBytes = Long.MAX_VALUE;
  FakeHub hub;

  @BeforeEach
  void hubWithCheckpoint() throws IOException {
    hub = new FakeHub();
    byte[] weights = new byte[WEIGHT_BYTES];
    new Random(1).nextBytes(weights);
    hub.files.put(WEIGHTS, weights);
    hub.files.put("config.json", bytes("{}"));
    hub.files.put("tokenizer.json", bytes("{\"version\":\"1.0\"}"));
    hub.files.put("movqgan/270M/movqgan_270M.ckpt", bytes("pickled"));
    hub.files.put("README.md", bytes("# A model"));
    hub.files.put("optimizer.bin", bytes("not needed"));
    variables.put("HF_HOME", folder.resolve("hf").toString());
    variables.put("HF_ENDPOINT", hub.address());
    variables.put("HF_TOKEN", FakeHub.TOKEN);
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  byte[] weights() {
    return hub.files.get(WEIGHTS);
  }

  ModelHub client() {
    RetryPolicy policy =
        new RetryPolicy(
            4, Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofSeconds(5), stall);
    return new ModelHub(variables, new ModelHub.Limits(policy, 3, CHUNK, path -> freeBytes));
  }

  PulledModel pull() {
    return pull(PullRequest.of(FakeHub.REPO));
  }

  PulledModel pull(PullRequest request) {
    return client().pull(request, PullListener.NONE, new CancellationToken());
  }

  static PullRequest including(String... patterns) {
    return new PullRequest(FakeHub.REPO, "main", List.of(patterns), List.of());
  }

  /** A pull that must fail, in one line that says what is expected and tells no secret. */
  LuminaException fail(ErrorCode code, String... messages) {
    LuminaException failure = catchThrowableOfType(LuminaException.class, this::pull);
    assertThat(failure).isNotNull();
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
    assertThat(failure.getMessage())
        .contains(messages)
        .doesNotContain(FakeHub.TOKEN, "s3cret", "\n");
    assertNothingVisible();
    return failure;
  }

  Path repoFolder() {
    return folder.resolve("hf/hub/models--org--model");
  }

  /** No name leads to a file. */
  void assertNothingVisible() {
    assertThat(repoFolder().resolve("snapshots")).doesNotExist();
    assertThat(repoFolder().resolve("refs")).doesNotExist();
  }

  /** The model is whole, and nothing else is left. */
  void assertComplete(PulledModel model) throws IOException {
    for (String name : model.files()) {
      assertThat(model.folder().resolve(name)).hasBinaryContent(hub.files.get(name));
    }
    try (Stream<Path> blobs = Files.list(repoFolder().resolve("blobs"))) {
      assertThat(blobs.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              model.files().stream().map(name -> FakeHub.hash(name, hub.files.get(name))).toList());
    }
  }
}
