package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache with two revisions of a repository that share their weights. */
class HubCacheTest {
  private static final String OLD = "1".repeat(40);
  private static final String NEW = "12".repeat(20);
  private static final RepoReference REPO = RepoReference.parse("org/model");

  @TempDir Path folder;
  private HubCache cache;
  private Path root;

  @BeforeEach
  void twoRevisions() throws IOException {
    cache = new HubCache(folder);
    root = folder.resolve("models--org--model");
    add(OLD, "config.json", "a", 10);
    add(OLD, "model.safetensors", "b", 1000);
    add(NEW, "config.json", "c", 20);
    add(NEW, "sub/model.safetensors", "b", 1000);
    write(root.resolve("refs/v1"), OLD);
    write(root.resolve("refs/main"), NEW);
    Files.createDirectories(folder.resolve("datasets--org--data"));
    Files.createDirectories(folder.resolve(".locks"));
    write(folder.resolve("version.txt"), "1");
  }

  private void add(String commit, String name, String blob, int size) throws IOException {
    Path content = root.resolve("blobs").resolve(blob);
    Files.createDirectories(content.getParent());
    Files.write(content, new byte[size]);
    Path link = root.resolve("snapshots").resolve(commit).resolve(name);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, link.getParent().relativize(content));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path find(String reference) {
    return cache.find(RepoReference.parse(reference)).orElse(null);
  }

  @Test
  void a_model_is_found_by_branch_tag_and_commit() {
    Path old = root.resolve("snapshots").resolve(OLD);
    assertThat(find("org/model")).isEqualTo(root.resolve("snapshots").resolve(NEW));
    assertThat(find("org/model@v1")).isEqualTo(old);
    assertThat(find("org/model@" + OLD)).isEqualTo(old);
    assertThat(find("org/model@1111111")).isEqualTo(old);
    assertThat(find("org/model@2222222")).isNull();
    assertThat(find("org/model@v2")).isNull();
    assertThat(find("org/other")).isNull();
    assertThat(HubCache.repositoryOf(old)).contains(REPO.repo());
    assertThat(HubCache.repositoryOf(folder)).isEmpty();
    assertThat(HubCache.repositoryOf(Path.of("/"))).isEmpty();
  }

  @Test
  void a_ref_that_is_damaged_finds_nothing() throws IOException {
    write(root.resolve("refs/main"), "../../../..");
    assertThat(find("org/model")).isNull();
  }

  @Test
  void the_list_has_sizes_and_last_use() throws IOException {
    Instant used = Instant.parse("2100-01-02T03:04:05Z");
    Files.getFileAttributeView(root.resolve("blobs/a"), BasicFileAttributeView.class)
        .setTimes(null, FileTime.from(used), null);
    try (PartialFile file =
        PartialFile.open(root.resolve("blobs/d.lumina.incomplete"), 5000, 100)) {
      file.write(0, ByteBuffer.allocate(70));
    }
    List<CachedRepo> repos = cache.list();
    assertThat(repos).hasSize(1);
    CachedRepo repo = repos.get(0);
    assertThat(repo.repo()).isEqualTo(REPO.repo());
    assertThat(repo.unfinishedBytes()).isEqualTo(70);
    assertThat(repo.bytes()).isEqualTo(10 + 20 + 1000 + 70 + 80); // refs hold 40 bytes each
    assertThat(repo.revisions()).hasSize(2);
    CachedRevision first = repo.revisions().get(0);
    assertThat(first.commit()).isEqualTo(OLD);
    assertThat(first.refs()).containsExactly("v1");
    assertThat(first.bytes()).isEqualTo(1010);
    assertThat(first.files()).isEqualTo(2);
    assertThat(first.lastUsed()).isEqualTo(used);
    assertThat(repo.revisions().get(1).bytes()).isEqualTo(1020);
    assertThat(new HubCache(folder.resolve("none")).list()).isEmpty();
  }

  @Test
  void removing_a_revision_keeps_what_another_one_shares() throws IOException {
    assertThat(cache.remove(RepoReference.parse("org/model@v1"))).isEqualTo(10 + 40);
    assertThat(root.resolve("blobs/a")).doesNotExist();
    assertThat(root.resolve("blobs/b")).exists();
    assertThat(root.resolve("refs/v1")).doesNotExist();
    assertThat(find("org/model").resolve("sub/model.safetensors")).hasSize(1000);
    assertThat(cache.remove(RepoReference.parse("org/model@" + NEW))).isEqualTo(1020 + 40);
    assertThat(root).doesNotExist();
  }

  @Test
  void removing_a_revision_keeps_a_download_that_was_stopped() throws IOException {
    write(root.resolve("blobs/d.lumina.incomplete"), "x");
    cache.remove(RepoReference.parse("org/model@v1"));
    cache.remove(RepoReference.parse("org/model@main"));
    assertThat(root.resolve("blobs")).isDirectoryContaining("glob:**/d.*");
    cache.remove(REPO);
    assertThat(root).doesNotExist();
  }

  @Test
  void removing_a_repository_leaves_the_others() throws IOException {
    write(folder.resolve("models--org--other/refs/main"), OLD);
    // A link that leads out is removed, not followed.
    Path outside = folder.resolve("outside/file");
    write(outside, "mine");
    Files.createSymbolicLink(root.resolve("snapshots").resolve("link"), outside.getParent());
    assertThat(cache.remove(REPO)).isEqualTo(1030 + 80);
    assertThat(root).doesNotExist();
    assertThat(folder.resolve("models--org--other/refs/main")).exists();
    assertThat(outside).exists();
  }

  @Test
  void what_is_not_there_cannot_be_removed() {
    assertThatThrownBy(() -> cache.remove(RepoReference.parse("org/none")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("org/none: not in " + folder);
    assertThatThrownBy(() -> cache.remove(RepoReference.parse("org/model@v2")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("org/model@v2: not in");
    assertThat(find("org/model")).exists();
  }

  @Test
  void a_repository_that_is_being_pulled_is_not_removed() throws IOException {
    RepoFolder place = new RepoFolder(folder, REPO.repo());
    try (RepoLock pull = RepoLock.tryAcquire(place).orElseThrow()) {
      assertThat(pull).isNotNull();
      assertThatThrownBy(() -> cache.remove(REPO))
          .hasMessageContaining("is being pulled right now");
    }
    assertThat(find("org/model")).exists();
    cache.remove(REPO);
    assertThat(root).doesNotExist();
  }
}
