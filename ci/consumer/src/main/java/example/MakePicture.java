package example;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;

/**
 * Draws with a checkpoint written to FOLDER, or with the demo model: MakePicture FOLDER|demo
 * PICTURE.png.
 */
public final class MakePicture {
  public static void main(String[] arguments) {
    try (LuminaPipeline pipeline = open(arguments[0])) {
      GenerationResult result =
          pipeline.generate(GenerationRequest.builder("A cat.").size(64, 64).seed(7).build());
      ImageFiles.write(Path.of(arguments[1]), result.mainImage());
    }
  }

  private static LuminaPipeline open(String model) {
    if (model.equals("demo")) {
      return LuminaPipeline.openDemo();
    }
    RecipeCheckpoint.write(Path.of(model), RecipeCheckpoint.Options.of("tiny"));
    return LuminaPipeline.open(PipelineOptions.builder(Path.of(model)).build());
  }
}
