package io.github.lumina4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepoIdTest {
  @Test
  void a_repository_has_its_folder() {
    RepoId repo = RepoId.parse("Alpha-VLLM/Lumina-mGPT-2.0");
    assertThat(repo).hasToString("Alpha-VLLM/Lumina-mGPT-2.0");
    assertThat(repo.folderName()).isEqualTo("models--Alpha-VLLM--Lumina-mGPT-2.0");
    assertThat(RepoId.ofFolderName(repo.folderName())).contains(repo);
    assertThat(RepoId.ofFolderName("datasets--a--b")).isEmpty();
    assertThat(RepoId.ofFolderName("models--gpt2")).isEmpty();
    assertThat(RepoId.ofFolderName("models--a--..")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/a",
        "a/",
        "a/b/c",
        "../b",
        "a/..",
        "a--b/c",
        "a/.b",
        "a/b.",
        "-a/b",
        "a b/c",
        "a/b.git",
        "a/b\n",
        "caf\u00e9/b",
        "a\\b/c",
        "a/b..c",
      })
  void what_is_no_repository_is_refused(String text) {
    assertThatThrownBy(() -> RepoId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not ORG/NAME");
    assertThat(RepoReference.tryParse(text)).isEmpty();
  }

  @Test
  void a_reference_may_name_a_revision() {
    assertThat(RepoReference.parse("a/b").revision()).isEmpty();
    assertThat(RepoReference.parse("a/b@refs/pr/1").revision()).isEqualTo(Optional.of("refs/pr/1"));
    assertThat(RepoReference.parse("a/b@v1")).hasToString("a/b@v1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/../b", "/a", "a/", "a//b", "a b", "a\\b", "a@{1}", "~x"})
  void a_revision_that_could_lead_out_of_the_cache_is_refused(String revision) {
    assertThatThrownBy(() -> RepoReference.parse("a/b@" + revision))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be the name of a revision");
  }
}
