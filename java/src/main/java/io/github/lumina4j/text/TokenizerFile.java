package io.github.lumina4j.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.model.ForeignFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The names and ids in a checkpoint's {@code tokenizer.json} and the first token of every sequence
 * from its {@code tokenizer_config.json} (docs/spec/model.md 4.1 to 4.3). Immutable. Reading takes
 * a fraction of a second even where loading the tokenizer takes several.
 */
public final class TokenizerFile {
  /** The released file has 11 MB; anything beyond this is not a tokenizer. */
  private static final long MAX_BYTES = 256L << 20;

  /** Ids index a table, so an absurd one must not size it. */
  private static final int MAX_ID = (1 << 24) - 1;

  // The vocabulary is one object with 150,000 keys: a table of keys seen before only costs time.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final ObjectMapper CONFIG = new ObjectMapper(JSON);

  private final Path path;
  private final Path configPath;
  private final Map<String, Integer> addedTokens;
  private final Map<String, Integer> ids;
  private final String[] tokens; // [highest id + 1], null where no token has the id
  private final String bosToken;

  private TokenizerFile(
      Path path,
      Path configPath,
      Map<String, Integer> addedTokens,
      Map<String, Integer> ids,
      String[] tokens,
      String bosToken) {
    this.path = path;
    this.configPath = configPath;
    this.addedTokens = addedTokens;
    this.ids = ids;
    this.tokens = tokens;
    this.bosToken = bosToken;
  }

  /**
   * Reads {@code tokenizer.json} and {@code tokenizer_config.json} of a checkpoint folder.
   *
   * @throws CheckpointException if one is missing, unreadable, damaged or not of a tokenizer; the
   *     message names the file
   */
  public static TokenizerFile read(Path folder) {
    Path path = folder.resolve("tokenizer.json");
    Path configPath = folder.resolve("tokenizer_config.json");
    Contents contents = new Contents(path);
    contents.read();
    Map<String, Integer> ids = contents.ids();
    String[] tokens = new String[contents.highestId + 1];
    for (Map.Entry<String, Integer> entry : ids.entrySet()) {
      String other = tokens[entry.getValue()];
      if (other != null) {
        throw new CheckpointException(
            path
                + ": id "
                + entry.getValue()
                + " belongs to two tokens, "
                + other
                + " and "
                + entry.getKey());
      }
      tokens[entry.getValue()] = entry.getKey();
    }
    String bosToken = readBosToken(configPath);
    return new TokenizerFile(path, configPath, contents.addedTokens, ids, tokens, bosToken);
  }

  /** The {@code tokenizer.json} that was read. */
  public Path path() {
    return path;
  }

  /** The {@code tokenizer_config.json} that was read. */
  Path configPath() {
    return configPath;
  }

  /**
   * The id of a token, added or of the vocabulary, by its exact name in the file. The names of
   * vocabulary entries are in the byte-level alphabet, where {@code Ġ} is a space.
   */
  public OptionalInt id(String token) {
    Integer id = ids.get(Objects.requireNonNull(token, "token"));
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The name of a token as in the file.
   *
   * @throws IllegalArgumentException if no token has the id
   */
  public String token(int id) {
    if (id < 0 || id >= tokens.length || tokens[id] == null) {
      throw new IllegalArgumentException(path + ": no token has the id " + id);
    }
    return tokens[id];
  }

  /** The tokens that are found in a text before anything else is: control tokens. */
  public Set<String> addedTokens() {
    return addedTokens.keySet();
  }

  /** The name of the token every sequence begins with: the BOS token, or the EOS token if null. */
  public String bosToken() {
    return bosToken;
  }

  private static String readBosToken(Path path) {
    try (JsonParser parser = open(path)) {
      JsonNode config = CONFIG.readTree(parser);
      if (config == null || !config.isObject()) {
        throw new CheckpointException(path + ": not a tokenizer configuration: no JSON object");
      }
      if (parser.nextToken() != null) {
        throw new CheckpointException(path + ": damaged: text after the end of the JSON object");
      }
      for (String key : new String[] {"bos_token", "eos_token"}) {
        JsonNode node = config.path(key);
        // A token is written as its text or as an object that has the text.
        JsonNode content = node.isObject() ? node.path("content") : node;
        if (content.isTextual() && !content.textValue().isEmpty()) {
          return content.textValue();
        }
        if (!node.isNull() && !node.isMissingNode()) {
          throw new CheckpointException(
              path + ": " + key + " is neither a text nor an object with a content");
        }
      }
      throw new CheckpointException(path + ": neither bos_token nor eos_token is given");
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /** The parser of a file that exists and has a size one can believe. */
  private static JsonParser open(Path path) throws IOException {
    checkFile(path);
    // Decoded here, because the parser would let bytes that are not UTF-8 pass.
    CharBuffer text =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path)));
    return JSON.createParser(text.array(), text.arrayOffset(), text.remaining());
  }

  static void checkFile(Path path) throws IOException {
    if (Files.isRegularFile(path) && Files.size(path) == 0) {
      throw new CheckpointException(path + ": " + ForeignFile.describe(path).orElse("is empty"));
    }
    if (Files.isDirectory(path)) {
      throw new CheckpointException(path + ": a folder, not a file");
    }
    long size = Files.size(path); // before the kind is asked: it says why it fails
    if (!Files.isRegularFile(path)) {
      throw new CheckpointException(path + ": not a regular file");
    }
    if (size > MAX_BYTES) {
      throw new CheckpointException(
          path + ": " + size + " bytes are too many for a tokenizer (at most " + MAX_BYTES + ")");
    }
  }

  /** The exception for a file that cannot be read, in one line. */
  static CheckpointException unreadable(Path path, IOException e) {
    Optional<String> foreign = ForeignFile.describe(path);
    if (foreign.isPresent()) {
      return new CheckpointException(path + ": " + foreign.get(), e);
    }
    if (e instanceof NoSuchFileException) {
      return new CheckpointException(path + ": no such file", e);
    }
    if (e instanceof AccessDeniedException) {
      return new CheckpointException(path + ": no permission to read it", e);
    }
    if (e instanceof CharacterCodingException) {
      return new CheckpointException(path + ": not a text in UTF-8", e);
    }
    if (e instanceof JsonProcessingException json) {
      String where =
          json.getLocation() == null
              ? ""
              : " (line "
                  + json.getLocation().getLineNr()
                  + ", column "
                  + json.getLocation().getColumnNr()
                  + ")";
      return new CheckpointException(
          path + ": damaged JSON: " + firstLine(json.getOriginalMessage()) + where, e);
    }
    String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return new CheckpointException(path + ": cannot be read: " + firstLine(reason), e);
  }

  static String firstLine(String message) {
    return message == null ? "no reason given" : message.lines().findFirst().orElse("").strip();
  }

  /** One pass over tokenizer.json that keeps the names and ids and skips the rest. */
  private static final class Contents {
    private final Path path;
    final Map<String, Integer> addedTokens = new LinkedHashMap<>();
    private final Map<String, Integer> vocabulary = new HashMap<>();
    private boolean modelSeen;
    int highestId = -1;

    Contents(Path path) {
      this.path = path;
    }

    void read() {
      try (JsonParser parser = open(path)) {
        expect(parser.nextToken() == JsonToken.START_OBJECT, "no JSON object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          JsonToken value = parser.nextToken();
          if (key.equals("added_tokens") && value != JsonToken.VALUE_NULL) {
            readAddedTokens(parser);
          } else if (key.equals("model")) {
            readModel(parser);
          } else {
            parser.skipChildren();
          }
        }
        expect(parser.nextToken() == null, "text after the end of the JSON object");
      } catch (IOException e) {
        throw unreadable(path, e);
      }
      expect(modelSeen, "\"model\" is missing");
    }

    /** Names to ids of both lists. A token may be in both, then with the same id. */
    Map<String, Integer> ids() {
      Map<String, Integer> ids = new HashMap<>(vocabulary);
      addedTokens.forEach(
          (token, id) -> {
            Integer other = ids.put(token, id);
            expect(
                other == null || other.equals(id),
                "token " + token + " has the ids " + other + " and " + id);
          });
      return ids;
    }

    private void readModel(JsonParser parser) throws IOException {
      expect(parser.currentToken() == JsonToken.START_OBJECT, "\"model\" is no object");
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (!key.equals("vocab")) {
          parser.skipChildren();
          continue;
        }
        expect(value == JsonToken.START_OBJECT, "\"vocab\" is no object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String token = parser.currentName();
          parser.nextToken();
          vocabulary.put(token, readId(parser, token));
        }
        modelSeen = true;
      }
      expect(modelSeen, "\"vocab\" is missing");
    }

    private void readAddedTokens(JsonParser parser) throws IOException {
      expect(parser.currentToken() == JsonToken.START_ARRAY, "\"added_tokens\" is no array");
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        expect(
            parser.currentToken() == JsonToken.START_OBJECT,
            "an entry of \"added_tokens\" is no object");
        String content = null;
        Integer id = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          JsonToken value = parser.nextToken();
          if (key.equals("content") && value == JsonToken.VALUE_STRING) {
            content = parser.getText();
          } else if (key.equals("id")) {
            id = readId(parser, "in added_tokens");
          } else {
            parser.skipChildren();
          }
        }
        expect(
            content != null && !content.isEmpty(), "an entry of \"added_tokens\" has no content");
        expect(id != null, "added token " + content + " has no id");
        expect(addedTokens.put(content, id) == null, "added token " + content + " occurs twice");
      }
    }

    private int readId(JsonParser parser, String token) throws IOException {
      boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT;
      long id =
          number && parser.getNumberType() == JsonParser.NumberType.INT ? parser.getIntValue() : -1;
      expect(
          id >= 0 && id <= MAX_ID,
          "the id of token " + token + " is not a whole number from 0 to " + MAX_ID);
      highestId = Math.max(highestId, (int) id);
      return (int) id;
    }

    private void expect(boolean condition, String otherwise) {
      if (!condition) {
        throw new CheckpointException(path + ": not a tokenizer file: " + otherwise);
      }
    }
  }
}
