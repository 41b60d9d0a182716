package example;

import io.github.lumina4j.GenerationRequest;
import io.github.lumina4j.GenerationResult;
import io.github.lumina4j.LuminaPipeline;
import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.RecipeCheckpoint;
import io.github.lumina4j.image.ImageFiles;
import java.nio.file.Path;

/** Writes a small checkpoint and draws with it: MakePicture FOLDER PICTURE.png. */
public final class MakePicture {
  public static void main(String[] arguments) {
    Path folder = Path.of(arguments[0]);
    RecipeCheckpoint.write(folder, RecipeCheckpoint.Options.of("tiny"));
    try (LuminaPipeline pipeline = LuminaPipeline.open(PipelineOptions.builder(folder).build())) {
      GenerationResult result =
          pipeline.generate(GenerationRequest.builder("A cat.").size(64, 64).seed(7).build());
      ImageFiles.write(Path.of(arguments[1]), result.mainImage());
    }
  }
}
