package io.github.lumina4j.cli;

import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.model.Sha256;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What of a model decides the tokens of a record. */
final class Tokenizers {
  private Tokenizers() {}

  /** The fingerprints that are kept with records, so that others are not mixed in. */
  static Map<String, String> madeBy(CheckpointFolder checkpoint, Path imageTokenizer) {
    Map<String, String> madeBy = new LinkedHashMap<>();
    madeBy.put("tokenizer_sha256", Sha256.of(checkpoint.path().resolve("tokenizer.json")));
    madeBy.put("image_tokenizer_sha256", Sha256.of(imageTokenizer));
    madeBy.put("image_token_offset", Integer.toString(checkpoint.imageTokenOffset()));
    return madeBy;
  }
}
