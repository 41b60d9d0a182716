package io.github.lumina4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Structure tokens by name. */
class SpecialTokensTest {
  @TempDir Path folder;

  @Test
  void smallVocabulary() throws IOException {
    SpecialTokens special =
        SpecialTokens.of(
            TokenizerFile.read(TokenizerFixture.write(folder)), TokenizerFixture.CODES);
    assertThat(special.bos()).isEqualTo(TokenizerFixture.BOS);
    assertThat(special.separator()).isEqualTo(TokenizerFixture.SEPARATOR);
    assertThat(special.imageStart()).isEqualTo(TokenizerFixture.START);
    assertThat(special.imageEnd()).isEqualTo(TokenizerFixture.END);
    assertThat(special.newLine()).isEqualTo(TokenizerFixture.NEW_LINE);
    assertThat(special.grid()).hasSize(33);
    assertThat(special.grid()[24]).isEqualTo(TokenizerFixture.GRID + 24);
  }

  @Test
  void releasedLayout() throws IOException {
    Map<String, Integer> tokens = SmallTokenizer.releasedTokens();
    assertThat(tokens).containsEntry("<reserved08824>", 151695).containsEntry("<MOVQGAN7>", 155007);
    SmallTokenizer.write(folder, List.of(), tokens);
    SpecialTokens special = SpecialTokens.of(TokenizerFile.read(folder), 155000);
    assertThat(special.imageStart()).isEqualTo(151665);
    assertThat(special.imageEnd()).isEqualTo(151666);
    assertThat(special.newLine()).isEqualTo(151670);
    assertThat(special.bos()).isEqualTo(151645);
    assertThat(special.grid()).hasSize(1200);
    assertThat(special.grid()[1199]).isEqualTo(152870);
  }

  @ParameterizedTest
  @CsvSource({"<racm3:break>, 151665", "<eoss>, 151666", "<reserved08799>, 151670"})
  void movedTokensOfTheReleasedLayoutAreRefused(String token, int id) throws IOException {
    Map<String, Integer> tokens = SmallTokenizer.releasedTokens();
    tokens.put(token, 151660);
    SmallTokenizer.write(folder, List.of(), tokens);
    TokenizerFile file = TokenizerFile.read(folder);
    assertThatThrownBy(() -> SpecialTokens.of(file, 155000))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            file.path()
                + ": token "
                + token
                + " has the id 151660; with image codes from 155000 on it must be "
                + id);
    assertThat(SpecialTokens.of(file, 155001)).isNotNull(); // another layout may differ
  }

  @ParameterizedTest
  @ValueSource(strings = {"<racm3:break>", "<eoss>", "<reserved08799>", "<reserved08706>"})
  void missingTokensAreNamed(String token) throws IOException {
    Map<String, Integer> tokens = TokenizerFixture.tokens();
    tokens.remove(token);
    SmallTokenizer.write(folder, TokenizerFixture.MERGES, tokens);
    TokenizerFile file = TokenizerFile.read(folder);
    assertThatThrownBy(() -> SpecialTokens.of(file, TokenizerFixture.CODES))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(file.path() + ": token " + token + " is missing");
  }

  @Test
  void aMissingFirstTokenIsNamed() throws IOException {
    TokenizerFixture.write(folder);
    TokenizerFixture.edit(folder, "tokenizer_config.json", c -> c.put("eos_token", "<gone>"));
    TokenizerFile file = TokenizerFile.read(folder);
    assertThatThrownBy(() -> SpecialTokens.of(file, TokenizerFixture.CODES))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            file.path()
                + ": the first token of a sequence, <gone> by tokenizer_config.json, is missing");
  }

  @Test
  void gapsInTheGridAreMarked() throws IOException {
    Map<String, Integer> tokens = TokenizerFixture.tokens();
    tokens.remove("<reserved08803>");
    tokens.remove("<reserved08832>");
    SmallTokenizer.write(folder, TokenizerFixture.MERGES, tokens);
    int[] grid = SpecialTokens.of(TokenizerFile.read(folder), TokenizerFixture.CODES).grid();
    assertThat(grid).hasSize(32);
    assertThat(grid[2]).isEqualTo(TokenizerFixture.GRID + 2);
    assertThat(grid[3]).isEqualTo(-1);
    assertThat(grid[4]).isEqualTo(TokenizerFixture.GRID + 4);
  }

  @Test
  void aVocabularyWithoutGridIsRefused() throws IOException {
    SmallTokenizer.write(
        folder,
        TokenizerFixture.MERGES,
        SmallTokenizer.compactTokens(TokenizerFixture.FIRST, 0, 4));
    TokenizerFile file = TokenizerFile.read(folder);
    assertThatThrownBy(() -> SpecialTokens.of(file, TokenizerFixture.CODES))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no grid token");
  }

  @Test
  void isAValue() {
    SpecialTokens one = new SpecialTokens(1, 2, 3, 4, 5, new int[] {6});
    one.grid()[0] = 9;
    assertThat(one.grid()).containsExactly(6);
    assertThat(one).isEqualTo(new SpecialTokens(1, 2, 3, 4, 5, new int[] {6}));
    assertThat(one).hasSameHashCodeAs(new SpecialTokens(1, 2, 3, 4, 5, new int[] {6}));
    assertThat(one).isNotEqualTo(new SpecialTokens(1, 2, 3, 4, 5, new int[] {7}));
    assertThatThrownBy(() -> SpecialTokens.gridName(1200))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
