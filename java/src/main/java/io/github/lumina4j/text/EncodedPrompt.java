package io.github.lumina4j.text;

import java.util.Arrays;
import java.util.Objects;

/**
 * What the engine starts from.
 *
 * @param text what was given to the tokenizer: the messages, each with the separator behind it
 * @param ids BOS and the ids of the text; a picture's tokens are not among them
 */
public record EncodedPrompt(String text, int[] ids) {
  public EncodedPrompt {
    Objects.requireNonNull(text, "text");
    ids = ids.clone();
  }

  /** A copy of the ids. */
  @Override
  public int[] ids() {
    return ids.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedPrompt that
        && text.equals(that.text)
        && Arrays.equals(ids, that.ids);
  }

  @Override
  public int hashCode() {
    return text.hashCode() * 31 + Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    return "EncodedPrompt[" + ids.length + " tokens: " + text + "]";
  }
}
