package io.github.lumina4j.text;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the tokenizer of a small or test-size checkpoint: byte-level BPE as in docs/spec/model.md
 * 4.1 (NFC, the Qwen2 split, no prefix space) over the 256 bytes and a few merges, with the special
 * tokens of 4.2. It can write any text, in more tokens than a trained one.
 *
 * <p>Ids 0 to 255 are the bytes in the order of the byte-level alphabet, then come the merges in
 * their order, then, at the ids given for them, the added tokens.
 */
public final class SmallTokenizer {
  /** Image codes of the released layout: {@code <MOVQGAN0>} has this id. */
  public static final int RELEASED_IMAGE_OFFSET = 155000;

  /** Number of image codes of the released layout. */
  public static final int RELEASED_IMAGE_CODES = 16384;

  private static final String END_OF_TEXT = "<|endoftext|>";
  private static final String BEGIN_TURN = "<|im_start|>";
  private static final String END_TURN = "<|im_end|>";

  private static final String SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private SmallTokenizer() {}

  /**
   * The added tokens of the released layout at their ids, with one name for each image code. The
   * ids of the separator and of {@code <|image|>} are not published; here they are 152871 and
   * 171384.
   */
  public static Map<String, Integer> releasedTokens() {
    Map<String, Integer> tokens = new LinkedHashMap<>();
    tokens.put(END_OF_TEXT, 151643);
    tokens.put(BEGIN_TURN, 151644);
    tokens.put(END_TURN, 151645);
    tokens.put(SpecialTokens.IMAGE_START, 151665);
    tokens.put(SpecialTokens.IMAGE_END, 151666);
    tokens.put("<reserved08796>", 151667);
    tokens.put("<reserved08797>", 151668);
    tokens.put("<reserved08798>", 151669);
    tokens.put(SpecialTokens.NEW_LINE, 151670);
    for (int n = 0; n < 1200; n++) {
      tokens.put(SpecialTokens.gridName(n), 151671 + n);
    }
    tokens.put(SpecialTokens.SEPARATOR, 152871);
    putImageCodes(tokens, RELEASED_IMAGE_OFFSET, RELEASED_IMAGE_CODES);
    tokens.put(SpecialTokens.IMAGE, RELEASED_IMAGE_OFFSET + RELEASED_IMAGE_CODES);
    return tokens;
  }

  /**
   * The added tokens a small vocabulary needs, without gaps from {@code firstId} on: the special
   * ones, then grid counts 0 to {@code gridCount} - 1, then one for each image code.
   */
  public static Map<String, Integer> compactTokens(int firstId, int gridCount, int imageCodes) {
    List<String> names =
        new ArrayList<>(
            List.of(
                END_OF_TEXT,
                BEGIN_TURN,
                END_TURN,
                SpecialTokens.IMAGE_START,
                SpecialTokens.IMAGE_END,
                SpecialTokens.NEW_LINE,
                SpecialTokens.SEPARATOR,
                SpecialTokens.IMAGE));
    for (int n = 0; n < gridCount; n++) {
      names.add(SpecialTokens.gridName(n));
    }
    Map<String, Integer> tokens = new LinkedHashMap<>();
    for (String name : names) {
      tokens.put(name, firstId + tokens.size());
    }
    putImageCodes(tokens, firstId + tokens.size(), imageCodes);
    return tokens;
  }

  /** The id of the first added token when these merges are used and there is no gap. */
  public static int firstFreeId(Collection<String> merges) {
    return 256 + merges.size();
  }

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json} into a folder.
   *
   * @param merges pairs of pieces in the byte-level alphabet, joined by a space, such as {@code "a
   *     t"} and {@code "Ġ c"}; each piece is a byte or made by an earlier pair
   * @param addedTokens names and ids, from {@link #firstFreeId} on; {@code <|im_end|>} begins every
   *     sequence
   * @throws IllegalArgumentException if a merge or an id cannot be
   */
  public static void write(Path folder, List<String> merges, Map<String, Integer> addedTokens)
      throws IOException {
    if (!addedTokens.containsKey(END_TURN)) {
      throw new IllegalArgumentException(END_TURN + " is not among the added tokens");
    }
    ObjectMapper mapper = new ObjectMapper();
    Map<String, Integer> vocabulary = vocabulary(merges);
    int firstId = vocabulary.size();
    // A loader numbers added tokens by their order. Where there are gaps, it takes the id from the
    // vocabulary, so the tokens have to be there as well.
    boolean gaps = false;
    int next = firstId;
    for (Map.Entry<String, Integer> entry : addedTokens.entrySet()) {
      if (entry.getValue() < firstId) {
        throw new IllegalArgumentException(
            "id " + entry.getValue() + " of " + entry.getKey() + " belongs to the vocabulary");
      }
      gaps |= entry.getValue() != next++;
    }
    if (gaps) {
      vocabulary.putAll(addedTokens);
    }

    ObjectNode root = mapper.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    addedTokens.forEach(
        (token, id) ->
            added
                .addObject()
                .put("id", id)
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
    root.putObject("normalizer").put("type", "NFC");
    ArrayNode steps =
        root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    ObjectNode split = steps.addObject().put("type", "Split");
    split.putObject("pattern").put("Regex", SPLIT);
    split.put("behavior", "Isolated").put("invert", false);
    byteLevel(steps.addObject());
    byteLevel(root.putObject("post_processor"));
    byteLevel(root.putObject("decoder"));
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocab = model.putObject("vocab");
    vocabulary.forEach(vocab::put);
    ArrayNode mergeList = model.putArray("merges");
    merges.forEach(mergeList::add);

    ObjectNode config = mapper.createObjectNode();
    config.put("tokenizer_class", "Qwen2Tokenizer").putNull("bos_token").put("eos_token", END_TURN);
    write(mapper, root, folder.resolve("tokenizer.json"));
    write(mapper, config, folder.resolve("tokenizer_config.json"));
  }

  private static void write(ObjectMapper mapper, ObjectNode json, Path path) throws IOException {
    String text = mapper.writer(new DefaultPrettyPrinter()).writeValueAsString(json) + "\n";
    Files.write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void byteLevel(ObjectNode step) {
    step.put("type", "ByteLevel");
    step.put("add_prefix_space", false).put("trim_offsets", false).put("use_regex", false);
  }

  private static void putImageCodes(Map<String, Integer> tokens, int firstId, int count) {
    for (int code = 0; code < count; code++) {
      tokens.put("<MOVQGAN" + code + ">", firstId + code);
    }
  }

  // Bytes and merged pieces with their ids.
  private static Map<String, Integer> vocabulary(List<String> merges) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    // The byte-level alphabet: printable bytes stand for themselves and come first, the others are
    // shown as the characters from 256 on.
    int shown = 256;
    List<String> others = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
      if (printable) {
        ids.put(String.valueOf((char) b), ids.size());
      } else {
        others.add(String.valueOf((char) shown++));
      }
    }
    for (String other : others) {
      ids.put(other, ids.size());
    }
    for (String merge : merges) {
      String[] pair = merge.split(" ", -1);
      if (pair.length != 2 || !ids.containsKey(pair[0]) || !ids.containsKey(pair[1])) {
        throw new IllegalArgumentException("merge '" + merge + "' joins no two known pieces");
      }
      if (ids.putIfAbsent(pair[0] + pair[1], ids.size()) != null) {
        throw new IllegalArgumentException("merge '" + merge + "' makes a piece that exists");
      }
    }
    return ids;
  }
}
