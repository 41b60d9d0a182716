package io.github.lumina4j.text;

import io.github.lumina4j.CheckpointException;
import java.util.Arrays;
import java.util.List;

/**
 * A conversation as token ids (docs/spec/model.md 4.4): BOS, then every message with the separator
 * behind it. No role names, no chat template. The tokens of a given picture follow in the engine.
 *
 * <p>Safe to use from several threads; does not own the tokenizer.
 */
public final class PromptBuilder {
  private final LuminaTokenizer tokenizer;
  private final SpecialTokens special;
  private final ControlTokens controlTokens;
  private final String separator;

  /**
   * Checks that the tokenizer reads the special tokens as the file numbers them: it numbers added
   * tokens by their order, and a file that says otherwise would feed the model other tokens.
   *
   * @throws CheckpointException if it does not; the message names the token and both ids
   */
  public PromptBuilder(LuminaTokenizer tokenizer, SpecialTokens special) {
    this.tokenizer = tokenizer;
    this.special = special;
    controlTokens = new ControlTokens(tokenizer.file().addedTokens());
    separator = tokenizer.token(special.separator());
    checkId(special.bos());
    checkId(special.separator());
    checkId(special.imageStart());
    checkId(special.imageEnd());
    checkId(special.newLine());
    for (int id : special.grid()) {
      if (id >= 0) {
        checkId(id);
      }
    }
  }

  /**
   * The prompt of one message of the user: BOS, its ids, the separator.
   *
   * @throws IllegalArgumentException if the user's words hold a control token, or half of a
   *     surrogate pair
   */
  public EncodedPrompt build(FilledTemplate message) {
    return build(List.of(message));
  }

  /** As {@link #build(FilledTemplate)}, for messages of user and model in turn. */
  public EncodedPrompt build(List<FilledTemplate> messages) {
    String text = text(messages);
    int[] encoded = tokenizer.encode(text); // one call, as in training
    int[] ids = new int[encoded.length + 1];
    ids[0] = special.bos();
    System.arraycopy(encoded, 0, ids, 1, encoded.length);
    return new EncodedPrompt(text, ids);
  }

  /**
   * What {@link #build} gives to the tokenizer.
   *
   * @throws IllegalArgumentException if the user's words hold a control token
   */
  public String text(List<FilledTemplate> messages) {
    StringBuilder text = new StringBuilder();
    for (FilledTemplate message : messages) {
      controlTokens.check(message);
      text.append(message.text()).append(separator);
    }
    return text.toString();
  }

  private void checkId(int id) {
    String token = tokenizer.token(id);
    int[] read = tokenizer.encode(token);
    if (read.length != 1 || read[0] != id) {
      throw new CheckpointException(
          tokenizer.file().path()
              + ": token "
              + token
              + " has the id "
              + id
              + " in the file, but the tokenizer reads it as "
              + Arrays.toString(read));
    }
  }
}
