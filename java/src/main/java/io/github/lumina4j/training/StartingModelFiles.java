package io.github.lumina4j.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.text.SpecialTokens;
import io.github.lumina4j.text.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads of a {@link StartingModel} what the engine is told about it. */
final class StartingModelFiles {
  // JSON as Python writes it, which knows NaN and Infinity.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private StartingModelFiles() {}

  /**
   * Adds the model under the engine's names.
   *
   * @throws CheckpointException if a file is missing or damaged
   */
  static void describe(StartingModel model, ObjectNode json) {
    SpecialTokens tokens;
    if (model instanceof StartingModel.Existing existing) {
      CheckpointFolder folder = new CheckpointFolder(existing.folder());
      tokens = SpecialTokens.of(TokenizerFile.read(folder.path()), folder.imageTokenOffset());
      json.put("model", folder.path().toString());
      existing.imageTokenizer().ifPresent(file -> json.put("image_tokenizer", file.toString()));
    } else if (model instanceof StartingModel.Fresh fresh) {
      ObjectNode config = read(fresh.config());
      tokens =
          SpecialTokens.of(
              TokenizerFile.read(fresh.tokenizer()), CheckpointFolder.imageTokenOffset(config));
      json.set("config", config);
      json.put("tokenizer", fresh.tokenizer().toString());
      json.put("image_tokenizer", fresh.imageTokenizer().toString());
    } else {
      throw new IllegalArgumentException("unknown kind of model " + model);
    }
    json.putObject("token_ids")
        .put("image_start", tokens.imageStart())
        .put("image_end", tokens.imageEnd());
  }

  private static ObjectNode read(Path file) {
    try {
      JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw new CheckpointException(file + ": not a configuration: no JSON object");
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file + ": no such file", e);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
