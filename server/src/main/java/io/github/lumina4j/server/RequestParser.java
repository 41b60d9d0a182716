package io.github.lumina4j.server;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.ImageSize;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.RgbImage;
import io.github.lumina4j.Task;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.image.CenterCrop;
import io.github.lumina4j.image.ImageFiles;
import io.github.lumina4j.image.ImageFormat;
import io.github.lumina4j.image.ReadLimits;
import io.github.lumina4j.image.WriteOptions;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** From the fields of the API to a request of the library. */
final class RequestParser {
  /** As the OpenAI API has it; the prompt has to fit into the model's cache besides the picture. */
  static final int MAX_PROMPT_CHARS = 32_000;

  /** As the OpenAI API has it; who wants more asks by rows. */
  static final int MAX_PARTIAL_IMAGES = 3;

  // Accepted and checked where a wrong value would be ignored silently, else without effect here:
  // quality, style, moderation and input_fidelity name abilities that this model does not have.
  private static final Set<String> OPENAI =
      Set.of(
          ("prompt model n size quality style background moderation output_format user stream"
                  + " output_compression response_format partial_images input_fidelity safety_identifier")
              .split(" "));
  private static final Set<String> OWN =
      Set.of(
          ("seed guidance_scale top_k temperature speculate window task description progress"
                  + " preview_rows")
              .split(" "));

  private final ServedModel model;
  private final ServerOptions options;
  private final LongSupplier seeds;

  /** {@code seeds} gives one to a request that names none. */
  RequestParser(ServedModel model, ServerOptions options, LongSupplier seeds) {
    this.model = model;
    this.options = options;
    this.seeds = seeds;
  }

  /** A picture from words. */
  ImageRequest generation(RequestFields fields) {
    return parse(fields, Optional.empty());
  }

  /** A picture from a given one. */
  ImageRequest edit(MultipartForm form) {
    Optional<byte[]> picture = form.picture();
    if (picture.isEmpty()) {
      throw ApiException.invalid("image", "a picture is needed: image");
    }
    return parse(RequestFields.ofForm(form.texts()), picture);
  }

  private ImageRequest parse(RequestFields fields, Optional<byte[]> picture) {
    Set<String> known = new TreeSet<>(OPENAI);
    known.addAll(OWN);
    fields.refuseOthersThan(known);
    fields
        .text("model")
        .filter(asked -> !asked.equals(model.name()))
        .ifPresent(
            asked -> {
              throw ApiException.modelNotFound(asked, model.name());
            });
    boolean stream = fields.flag("stream");
    PartialImages partials = partials(fields, stream);
    fields.word("background", Set.of("auto", "opaque"));
    for (String ignored :
        Set.of("quality", "style", "moderation", "input_fidelity", "safety_identifier")) {
      fields.text(ignored);
    }
    boolean url =
        fields.word("response_format", Set.of("b64_json", "url")).orElse("").equals("url");
    if (url && stream) {
      throw ApiException.invalid("response_format", "a stream has its pictures in it: b64_json");
    }
    boolean progress = fields.flag("progress");
    if (progress && !stream) {
      throw ApiException.invalid("progress", "progress needs stream");
    }
    int count = fields.count("n", 1, options.maxPictures()).orElse(1);
    GenerationRequest first = first(fields, picture);
    boolean jpeg = fields.word("output_format", Set.of("png", "jpeg")).orElse("png").equals("jpeg");
    Optional<Integer> compression = fields.count("output_compression", 0, 100);
    return new ImageRequest(
        picture.isPresent(),
        first,
        count,
        jpeg ? ImageFormat.JPEG : ImageFormat.PNG,
        compression.map(percent -> percent / 100.0).orElse(WriteOptions.DEFAULT.jpegQuality()),
        url,
        stream,
        progress,
        partials,
        fields.text("user").orElse(""));
  }

  private static PartialImages partials(RequestFields fields, boolean stream) {
    int count = fields.count("partial_images", 0, MAX_PARTIAL_IMAGES).orElse(0);
    Optional<Integer> rows = fields.count("preview_rows", 1, Integer.MAX_VALUE);
    String asked = rows.isPresent() ? "preview_rows" : "partial_images";
    if (rows.isPresent() && count > 0) {
      throw ApiException.invalid(asked, "preview_rows cannot be combined with partial_images");
    }
    if ((rows.isPresent() || count > 0) && !stream) {
      throw ApiException.invalid(asked, asked + " needs stream");
    }
    return new PartialImages(count, rows.orElse(0));
  }

  private GenerationRequest first(RequestFields fields, Optional<byte[]> picture) {
    String prompt = prompt(fields, "prompt");
    String description = prompt(fields, "description");
    Task task = task(fields, picture.isPresent());
    GenerationRequest.Builder builder =
        GenerationRequest.builder(prompt).task(task).description(description);
    Optional<ImageSize> size =
        fields.text("size").filter(text -> !text.equals("auto")).map(text -> size(text, task));
    size.ifPresent(builder::size);
    sampling(fields, builder);
    builder.decoding(decoding(fields));
    picture.map(this::read).ifPresent(builder::image);
    GenerationRequest request =
        checked(
            null,
            () -> {
              GenerationRequest resolved = builder.build().resolve(model.defaults());
              // Refuses words that the task has no place for.
              task.fill(resolved.size().width(), resolved.size().height(), prompt, description);
              return resolved;
            });
    if (request.size().pixels() > options.maxPixels()) {
      throw ApiException.invalid(
          "size",
          "a picture of "
              + request.size()
              + (" exceeds the limit of " + options.maxPixels() + " pixels"));
    }
    return cropped(request);
  }

  private String prompt(RequestFields fields, String name) {
    String text = fields.text(name).orElse("");
    if (text.length() > MAX_PROMPT_CHARS) {
      throw ApiException.invalid(
          name, name + " is longer than " + MAX_PROMPT_CHARS + " characters");
    }
    return text;
  }

  private static Task task(RequestFields fields, boolean picture) {
    String name = fields.text("task").orElse(picture ? "edit" : "t2i");
    Task task = checked("task", () -> Tasks.byName(name, picture));
    if (task.needsImage() != picture) {
      throw ApiException.invalid(
          "task",
          picture
              ? "task " + name + " takes no given picture: use /v1/images/generations"
              : "task " + name + " needs a given picture: use /v1/images/edits");
    }
    return task;
  }

  /** The whole picture, where {@code text} is the size of the part that is the answer. */
  private static ImageSize size(String text, Task task) {
    return checked("size", () -> task.wholeSize(ImageSize.parse(text)));
  }

  private void sampling(RequestFields fields, GenerationRequest.Builder builder) {
    builder.seed(fields.seed("seed").orElseGet(seeds));
    fields
        .number("guidance_scale")
        .ifPresent(scale -> checked("guidance_scale", () -> builder.guidanceScale(scale)));
    fields.count("top_k", 1, Integer.MAX_VALUE).ifPresent(builder::imageTopK);
    fields
        .number("temperature")
        .ifPresent(value -> checked("temperature", () -> builder.temperature(value)));
  }

  private static DecodingOptions decoding(RequestFields fields) {
    Optional<Integer> window =
        fields.count("window", DecodingOptions.MIN_WINDOW, DecodingOptions.MAX_WINDOW);
    DecodingOptions decoding = DecodingOptions.SEQUENTIAL;
    if (fields.isFlag("speculate")) {
      decoding = fields.flag("speculate") ? DecodingOptions.SPECULATIVE : decoding;
    } else {
      Set<String> modes =
          new TreeSet<>(
              Arrays.stream(DecodingOptions.Mode.values()).map(DecodingOptions.Mode::id).toList());
      Optional<String> asked = fields.word("speculate", modes);
      for (DecodingOptions.Mode mode : DecodingOptions.Mode.values()) {
        if (asked.filter(mode.id()::equals).isPresent()) {
          decoding = decoding.withMode(mode);
        }
      }
    }
    if (window.isPresent() && !decoding.speculative()) {
      throw ApiException.invalid("window", "window needs speculate");
    }
    return window.map(decoding::withWindow).orElse(decoding);
  }

  private RgbImage read(byte[] bytes) {
    try {
      return ImageFiles.read(
          new ByteArrayInputStream(bytes),
          "of the request",
          new ReadLimits(options.maxInputPixels(), options.maxBodyBytes()));
    } catch (LuminaException e) {
      if (e.code() == ErrorCode.IO) {
        throw ApiException.invalid("image", e.getMessage());
      }
      throw e;
    }
  }

  /**
   * The given picture as the model gets it: what waits in the queue is then no larger than that.
   */
  private static GenerationRequest cropped(GenerationRequest request) {
    if (request.image().isEmpty()) {
      return request;
    }
    ImageSize size = request.size();
    RgbImage panel =
        CenterCrop.centerCrop(
            request.image().get(), size.width(), size.height() / request.task().panels());
    return new GenerationRequest(
        request.task(),
        request.prompt(),
        request.description(),
        size,
        Optional.of(panel),
        request.sampling(),
        request.decoding(),
        request.allowPartial());
  }

  private static <T> T checked(String param, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(param, e.getMessage());
    }
  }
}
