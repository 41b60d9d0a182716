package io.github.lumina4j.springai;

import io.github.lumina4j.DecodingOptions;
import io.github.lumina4j.Device;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Precision;
import io.github.lumina4j.Quantization;
import io.github.lumina4j.model.DemoModel;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code lumina4j.*} of an application.
 *
 * @param model checkpoint folder; the demo model, if its artifact is there, where it is not set
 * @param imageTokenizer MoVQGAN file; the one in the checkpoint folder where it is not set
 * @param device where the model runs
 * @param precision number format of the transformer: auto, fp32 or bf16
 * @param quantization of the matrices while the model loads, such as int8 or int4
 * @param threads processor threads, 0 for one per allowed processor
 * @param width of pictures in pixels, a multiple of 32; together with height
 * @param height of pictures in pixels, a multiple of 32; together with width
 * @param guidanceScale strength of classifier-free guidance, at least 0
 * @param topK how many of the most likely codes may be chosen, at least 1
 * @param temperature above 0
 * @param seed of the first picture of each call; random where it is not set
 * @param speculate how guesses are judged when a pass is to decide several codes, such as mc
 * @param window tokens that such a pass feeds, 4 to 64; 0 for the usual number, 16
 */
@ConfigurationProperties("lumina4j")
public record LuminaProperties(
    String model,
    String imageTokenizer,
    @DefaultValue("cpu") String device,
    @DefaultValue("auto") Precision precision,
    String quantization,
    @DefaultValue("0") int threads,
    Integer width,
    Integer height,
    Double guidanceScale,
    Integer topK,
    Double temperature,
    Long seed,
    @DefaultValue("sequential") DecodingOptions.Mode speculate,
    @DefaultValue("0") int window) {

  /** What is loaded. */
  PipelineOptions pipelineOptions() {
    PipelineOptions.Builder options =
        PipelineOptions.builder(isSet(model) ? Path.of(model) : DemoModel.folder())
            .device(new Device(device))
            .precision(precision)
            .threads(threads);
    if (isSet(imageTokenizer)) {
      options.imageTokenizer(Path.of(imageTokenizer));
    }
    if (isSet(quantization)) {
      options.quantization(new Quantization(quantization));
    }
    return options.build();
  }

  /** How pictures are drawn, by a model that is called like its folder. */
  LuminaImageOptions imageOptions() {
    return LuminaImageOptions.builder()
        .model(
            isSet(model)
                ? Path.of(model).toAbsolutePath().normalize().getFileName().toString()
                : null)
        .width(width)
        .height(height)
        .guidanceScale(guidanceScale)
        .topK(topK)
        .temperature(temperature)
        .seed(seed)
        .decoding(DecodingOptions.SEQUENTIAL.withMode(speculate).withWindow(window))
        .build();
  }

  private static boolean isSet(String text) {
    return text != null && !text.isBlank();
  }
}
