package io.github.lumina4j.training;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ImageCodes;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.text.FilledTemplate;
import io.github.lumina4j.text.LuminaTokenizer;
import io.github.lumina4j.text.PromptBuilder;
import io.github.lumina4j.text.SpecialTokens;
import io.github.lumina4j.text.TokenizerFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Examples as tokens and labels (docs/spec/model.md 9.2). What the model says is learned, up to the
 * separator behind it; BOS, the user's messages and pictures in them are not. Of a picture whose
 * upper half is given, neither its beginning nor that half is learned: at generation time both are
 * there already.
 *
 * <p>Panels are encoded each by itself, as generation encodes a given picture, and laid out as one
 * picture of the whole height.
 *
 * <p>Safe to use from several threads if the encoder is. Owns a tokenizer: close it.
 */
public final class RecordBuilder implements AutoCloseable {
  private final LuminaTokenizer tokenizer;
  private final SpecialTokens special;
  private final PromptBuilder prompts;
  private final ImageLayout layout;
  private final Function<RgbImage, ImageCodes> encoder;
  private final int imageToken;
  private final Set<Integer> structure = new HashSet<>();

  private RecordBuilder(
      LuminaTokenizer tokenizer,
      SpecialTokens special,
      int imageTokenOffset,
      Function<RgbImage, ImageCodes> encoder) {
    this.tokenizer = tokenizer;
    this.special = special;
    this.encoder = encoder;
    prompts = new PromptBuilder(tokenizer, special);
    layout = new ImageLayout(special, imageTokenOffset);
    imageToken =
        tokenizer
            .id(SpecialTokens.IMAGE)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        tokenizer.file().path()
                            + ": token "
                            + SpecialTokens.IMAGE
                            + " is missing"));
    structure.add(special.bos());
    structure.add(special.imageStart());
    structure.add(special.imageEnd());
    structure.add(special.newLine());
    for (int id : special.grid()) {
      structure.add(id);
    }
  }

  /**
   * Loads the tokenizer of a checkpoint folder; weights are not needed.
   *
   * @param encoder pictures to codes, such as {@code pipeline::encode}; called once for each
   *     picture of an example
   * @throws CheckpointException if a file is missing, damaged or lacks a token
   */
  public static RecordBuilder open(CheckpointFolder model, Function<RgbImage, ImageCodes> encoder) {
    TokenizerFile file = TokenizerFile.read(model.path());
    int offset = model.imageTokenOffset();
    SpecialTokens special = SpecialTokens.of(file, offset);
    LuminaTokenizer tokenizer = LuminaTokenizer.open(file);
    try {
      return new RecordBuilder(tokenizer, special, offset, encoder);
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * The tokens and labels of an example.
   *
   * @throws IllegalArgumentException if its words hold control tokens, it has not as many pictures
   *     as places for them, or the model's tokenizer cannot say the size
   */
  public TokenRecord build(TrainingExample example) {
    if (example instanceof TrainingExample.OfTask task) {
      return build(task);
    }
    return build((TrainingExample.Conversation) example);
  }

  private TokenRecord build(TrainingExample.OfTask example) {
    ImageSize size = example.size();
    FilledTemplate sentence =
        example.task().fill(size.width(), size.height(), example.prompt(), example.description());
    List<ImageCodes> panels = example.pictures().stream().map(this::encode).toList();
    int given = example.task().given() == Task.Given.UPPER ? panels.get(0).rows() : 0;
    int[] ids = prompts.build(List.of(sentence, wording(SpecialTokens.IMAGE))).ids();
    return assemble(ids, List.of(layout.of(panels, given)));
  }

  private TokenRecord build(TrainingExample.Conversation example) {
    List<String> texts = new ArrayList<>(example.messages());
    if (texts.stream().noneMatch(text -> text.contains(SpecialTokens.IMAGE))) {
      String places = (SpecialTokens.IMAGE + " ").repeat(example.pictures().size());
      texts.set(0, places + texts.get(0));
    }
    // Training data may hold the wording of a template, added tokens included: the ids are checked.
    int[] ids = prompts.build(texts.stream().map(RecordBuilder::wording).toList()).ids();
    checkStructure(ids, texts.size());
    int places = 0;
    for (int id : ids) {
      places += id == imageToken ? 1 : 0;
    }
    if (places != example.pictures().size()) {
      throw new IllegalArgumentException(
          "the conversation has "
              + places
              + (" places for pictures and " + example.pictures().size() + " pictures"));
    }
    return assemble(
        ids,
        example.pictures().stream()
            .map(picture -> layout.of(List.of(encode(picture)), 0))
            .toList());
  }

  // The tokens that give a sequence its structure come from here and not from the words.
  private void checkStructure(int[] ids, int messages) {
    int separators = 0;
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] == special.separator()) {
        separators++;
      } else if (structure.contains(ids[i])) {
        throw refused(ids[i]);
      }
    }
    if (separators != messages) {
      throw refused(special.separator());
    }
  }

  private IllegalArgumentException refused(int id) {
    return new IllegalArgumentException(
        "message: control token " + tokenizer.token(id) + " is not allowed");
  }

  // Puts the pictures into their places; every second message is the model's.
  private TokenRecord assemble(int[] ids, List<ImageLayout.Laid> pictures) {
    int length = ids.length;
    for (ImageLayout.Laid picture : pictures) {
      length += picture.tokens().length - 1;
    }
    int[] tokens = new int[length];
    int[] labels = new int[length];
    int message = 0;
    int next = 0;
    int at = 0;
    for (int id : ids) {
      boolean learned = message % 2 == 1;
      if (id == imageToken) {
        ImageLayout.Laid picture = pictures.get(next++);
        for (int i = 0; i < picture.tokens().length; i++) {
          tokens[at] = picture.tokens()[i];
          labels[at] = learned && i >= picture.given() ? picture.tokens()[i] : TokenRecord.NO_LABEL;
          at++;
        }
        continue;
      }
      tokens[at] = id;
      labels[at] = learned ? id : TokenRecord.NO_LABEL;
      at++;
      message += id == special.separator() ? 1 : 0;
    }
    return new TokenRecord(tokens, labels);
  }

  private ImageCodes encode(RgbImage picture) {
    ImageCodes codes = encoder.apply(picture);
    if (codes.rows() * ImageLayout.CODE_PIXELS != picture.height()
        || codes.columns() * ImageLayout.CODE_PIXELS != picture.width()) {
      throw new IllegalStateException(codes + " for a picture of another size, " + picture);
    }
    return codes;
  }

  private static FilledTemplate wording(String text) {
    return new FilledTemplate(text, List.of());
  }

  /** Frees the tokenizer; again has no effect. */
  @Override
  public void close() {
    tokenizer.close();
  }
}
