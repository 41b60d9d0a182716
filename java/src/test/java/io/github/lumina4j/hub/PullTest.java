package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CancellationToken;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.internal.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a pull leaves behind when all goes well. */
class PullTest extends PullFixture {
  @Test
  void a_checkpoint_lies_where_huggingface_hub_looks_for_it() throws IOException {
    PulledModel model = pull();
    assertThat(model.folder()).isEqualTo(repoFolder().resolve("snapshots").resolve(hub.commit));
    assertThat(model.files())
        .containsExactlyInAnyOrder(
            "config.json", "tokenizer.json", WEIGHTS, "movqgan/270M/movqgan_270M.ckpt");
    assertThat(model.bytes()).isEqualTo(model.downloaded()).isGreaterThan(WEIGHT_BYTES);
    assertComplete(model);
    assertThat(Files.readSymbolicLink(model.folder().resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs", FakeHub.hash(WEIGHTS, weights())));
    assertThat(Files.readSymbolicLink(model.folder().resolve("movqgan/270M/movqgan_270M.ckpt")))
        .asString()
        .startsWith("../../../../blobs/");
    assertThat(repoFolder().resolve("refs/main")).hasContent(hub.commit);
  }

  @Test
  void a_large_file_comes_in_ranges_that_do_not_overlap() {
    pull();
    List<String> expected = new ArrayList<>();
    for (int begin = 0; begin < WEIGHT_BYTES; begin += CHUNK) {
      int last = Math.min(begin + CHUNK, WEIGHT_BYTES) - 1;
      expected.add(WEIGHTS + " bytes=" + begin + "-" + last);
    }
    assertThat(hub.ranges)
        .filteredOn(range -> range.startsWith(WEIGHTS))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void the_token_goes_to_the_hub_and_not_to_its_storage() {
    pull();
    assertThat(hub.hubTokens).isNotEmpty().containsOnly("Bearer " + FakeHub.TOKEN);
    assertThat(hub.storageHeaders).isNotEmpty();
    assertThat(String.join("\n", hub.storageHeaders))
        .doesNotContainIgnoringCase("authorization")
        .doesNotContain(FakeHub.TOKEN);
  }

  @Test
  void without_a_token_none_is_sent() {
    variables.remove("HF_TOKEN");
    pull();
    assertThat(hub.hubTokens).isNotEmpty().containsOnly("null");
  }

  @Test
  void a_second_pull_fetches_nothing() throws IOException {
    pull();
    long served = hub.served.get();
    PulledModel again = pull();
    assertThat(again.downloaded()).isZero();
    assertThat(hub.served).hasValue(served);
    assertComplete(again);
  }

  @Test
  void a_new_commit_shares_the_files_that_are_equal() throws IOException {
    pull();
    long served = hub.served.get();
    hub.commit = "2".repeat(40);
    byte[] config = bytes("{\"new\": true}");
    hub.files.put("config.json", config);
    PulledModel model = pull();
    assertThat(model.downloaded()).isEqualTo(config.length);
    assertThat(hub.served).hasValue(served + config.length);
    assertThat(model.folder().resolve("config.json")).hasBinaryContent(config);
    assertThat(model.folder().resolve(WEIGHTS)).hasBinaryContent(weights());
    assertThat(repoFolder().resolve("refs/main")).hasContent(hub.commit);
    assertThat(repoFolder().resolve("snapshots/" + "1".repeat(40) + "/config.json"))
        .hasContent("{}");
  }

  @Test
  void a_revision_is_written_down_under_its_name_unless_it_is_a_commit() {
    pull(new PullRequest(FakeHub.REPO, "refs/pr/1", List.of(), List.of()));
    assertThat(repoFolder().resolve("refs/refs/pr/1")).hasContent(hub.commit);
    pull(new PullRequest(FakeHub.REPO, hub.commit, List.of(), List.of()));
    assertThat(repoFolder().resolve("refs")).isDirectoryNotContaining("glob:**/1*");
  }

  @Test
  void patterns_choose_the_files() {
    assertThat(pull(including("*.md", "optim*")).files())
        .containsExactlyInAnyOrder("README.md", "optimizer.bin");
    assertThat(
            pull(new PullRequest(
                    FakeHub.REPO, "main", List.of(), List.of("*.safetensors", "movqgan/")))
                .files())
        .containsExactlyInAnyOrder("config.json", "tokenizer.json");
    assertThatThrownBy(() -> pull(including("nothing*")))
        .hasMessageContaining("no file in it is wanted by these patterns");
  }

  @Test
  void equal_files_and_empty_files_are_files_too() throws IOException {
    hub.files.put("copy.safetensors", weights());
    hub.files.put("empty.json", new byte[0]);
    PulledModel model = pull();
    assertThat(model.folder().resolve("copy.safetensors")).hasBinaryContent(weights());
    assertThat(model.folder().resolve("empty.json")).isEmptyFile();
    assertThat(model.downloaded()).isEqualTo(model.bytes() - WEIGHT_BYTES);
  }

  @Test
  void a_blob_of_another_program_is_used_and_a_damaged_one_replaced() throws IOException {
    Path blobs = Files.createDirectories(repoFolder().resolve("blobs"));
    Path theirs = blobs.resolve(FakeHub.hash(WEIGHTS, weights()));
    Files.write(theirs, weights());
    Path cut = blobs.resolve(FakeHub.hash("config.json", bytes("{}")));
    Files.writeString(cut, "{");
    PulledModel model = pull();
    assertThat(model.downloaded()).isEqualTo(model.bytes() - WEIGHT_BYTES);
    assertComplete(model);
  }

  @Test
  void the_list_may_have_several_pages() throws IOException {
    String all = hub.tree();
    int middle = all.indexOf("},{") + 1;
    hub.list =
        (exchange, path) -> {
          if (!path.contains("/tree/")) {
            return false;
          }
          String query = exchange.getRequestURI().getQuery();
          if (query.contains("cursor")) {
            return FakeHub.text(exchange, 200, "[" + all.substring(middle + 1));
          }
          FakeHub.header(
              exchange, "Link", "<" + hub.address() + path + "?cursor=a%3D%3D>; rel=\"next\"");
          return FakeHub.text(exchange, 200, all.substring(0, middle) + "]");
        };
    assertComplete(pull());
    assertThat(pull().files()).hasSize(4);
  }

  @Test
  void pulls_at_the_same_time_fetch_everything_once() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<PulledModel>> pulls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        pulls.add(threads.submit(() -> pull()));
      }
      long downloaded = 0;
      for (Future<PulledModel> pull : pulls) {
        assertComplete(pull.get());
        downloaded += pull.get().downloaded();
      }
      assertThat(downloaded).isEqualTo(pulls.get(0).get().bytes());
      assertThat(hub.served).hasValue(downloaded);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void the_listener_hears_how_far_it_is_on_the_calling_thread() {
    List<PullProgress> heard = new ArrayList<>();
    Thread caller = Thread.currentThread();
    PulledModel model =
        client()
            .pull(
                PullRequest.of(FakeHub.REPO),
                progress -> {
                  assertThat(Thread.currentThread()).isSameAs(caller);
                  heard.add(progress);
                },
                new CancellationToken());
    assertThat(heard.get(0).phase()).isEqualTo(PullProgress.Phase.LIST);
    PullProgress last = heard.get(heard.size() - 1);
    assertThat(last)
        .isEqualTo(
            new PullProgress(PullProgress.Phase.CHECK, 4, 4, 0, model.bytes(), model.bytes()));
  }

  @Test
  void an_exception_of_the_listener_comes_out_unchanged() {
    RuntimeException mine = new RuntimeException("mine");
    assertThatThrownBy(
            () ->
                client()
                    .pull(
                        PullRequest.of(FakeHub.REPO),
                        progress -> {
                          if (progress.phase() != PullProgress.Phase.LIST) {
                            throw mine;
                          }
                        },
                        new CancellationToken()))
        .isSameAs(mine);
    assertNothingVisible();
  }

  @Test
  void offline_only_the_cache_is_asked() throws IOException {
    variables.put("HF_HUB_OFFLINE", "1");
    fail(ErrorCode.CHECKPOINT, "org/model: not in ", "HF_HUB_OFFLINE");
    variables.put("HF_HUB_OFFLINE", "0");
    PulledModel model = pull();
    variables.put("HF_HUB_OFFLINE", "yes");
    int asked = hub.hubTokens.size();
    PulledModel cached = pull();
    assertThat(hub.hubTokens).hasSize(asked);
    assertThat(cached.folder()).isEqualTo(model.folder());
    assertThat(cached.files()).containsExactlyInAnyOrderElementsOf(model.files());
    assertThat(cached.bytes()).isEqualTo(model.bytes());
  }

  @Test
  void a_repository_of_another_model_is_told_before_anything_is_fetched() {
    hub.files.put("model_index.json", bytes("{}"));
    fail(ErrorCode.CHECKPOINT, "org/model: this is a diffusers pipeline (model_index.json)");
    hub.files.remove("model_index.json");
    hub.files.remove("config.json");
    hub.files.put("x-Q4.gguf", bytes("GGUF"));
    fail(ErrorCode.CHECKPOINT, "org/model: this is a GGUF model (x-Q4.gguf)");
    assertThat(hub.served.get()).isZero();
  }

  @Test
  void a_disk_too_small_is_found_out_before_anything_comes() {
    freeBytes = WEIGHT_BYTES;
    fail(ErrorCode.IO, "org/model needs ", " GB left; HF_HUB_CACHE ");
    assertThat(hub.ranges).isEmpty();
  }

  @Test
  void a_pull_waits_for_another_one_of_the_same_repository() throws Exception {
    RepoFolder place = new RepoFolder(folder.resolve("hf/hub"), FakeHub.REPO);
    List<PullProgress.Phase> phases = new ArrayList<>();
    RepoLock other = RepoLock.tryAcquire(place).orElseThrow();
    client()
        .pull(
            PullRequest.of(FakeHub.REPO),
            progress -> {
              phases.add(progress.phase());
              if (progress.phase() == PullProgress.Phase.WAIT) {
                assertThat(hub.ranges).isEmpty();
                close(other);
              }
            },
            new CancellationToken());
    assertThat(phases).contains(PullProgress.Phase.WAIT);
    assertThat(RepoLock.tryAcquire(place)).isPresent().get().satisfies(PullTest::close);
  }

  private static void close(RepoLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_branch_that_moved_is_written_down_at_once() throws IOException {
    Path ref = repoFolder().resolve("refs/main");
    Files.createDirectories(ref.getParent());
    AtomicFile.write(ref, out -> out.write(bytes("0".repeat(40))));
    pull();
    assertThat(ref).hasContent(hub.commit);
  }
}
