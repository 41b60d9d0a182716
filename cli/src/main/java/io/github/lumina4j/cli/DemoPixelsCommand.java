package io.github.lumina4j.cli;

import io.github.lumina4j.RgbImage;
import io.github.lumina4j.demo.SampleSource;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.training.PixelShards;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina demo-data pixels}: pictures to train the image tokenizer on. */
@CommandLine.Command(
    name = "pixels",
    header = "Write pictures to train the image tokenizer on.",
    description = {
      "The pictures of the samples with seed N, and their depth, edge and segmentation maps, into "
          + "pixels-*.safetensors in FOLDER."
    },
    abbreviateSynopsis = true)
final class DemoPixelsCommand extends Command {
  /** The most panels of a sample; what ids are counted in. */
  private static final int MAX_PANELS = 2;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "Where the pictures go.")
  private Path folder;

  @Option(
      names = "--count",
      required = true,
      paramLabel = "N",
      description = "How many pictures, those of earlier runs included.")
  private long count;

  @Option(
      names = "--panels",
      paramLabel = "1|2",
      description =
          "1: every picture and every map by itself. 2: both panels of a sample "
              + "above each other; samples with one panel are left out.")
  private int panels = 1;

  @Mixin private DemoWorldMixin world;

  DemoPixelsCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    DemoDataReport.checkCount(count);
    if (panels < 1 || panels > MAX_PANELS) {
      throw new IllegalArgumentException("--panels must be 1 or 2, not " + panels);
    }
    SampleSource samples = world.samples(TaskShares.USUAL);
    Map<String, String> madeBy = world.madeBy();
    madeBy.put("demo_panels", Integer.toString(panels));
    DemoDataReport report;
    try (PixelShards.Writer writer = new PixelShards.Writer(folder, PixelShards.NAME, madeBy)) {
      report = DemoDataReport.from(writer.records());
      add(writer, samples, report);
    }
    report.print(out(), report().json(), folder, PixelShards.files(folder).size());
  }

  private void add(PixelShards.Writer writer, SampleSource samples, DemoDataReport report) {
    long earlier = writer.nextId();
    long before = report.records();
    try (CountingProgress progress =
        CountingProgress.of(
            environment().terminal(), report().quiet(), err(), "pictures", count - before)) {
      for (long index = earlier / MAX_PANELS; report.records() < count; index++) {
        checkCancelled();
        List<List<RgbImage>> pictures = pictures(samples.sample(index).panels());
        for (int i = 0; i < pictures.size() && report.records() < count; i++) {
          long id = index * MAX_PANELS + i;
          if (id >= earlier) {
            writer.add(id, pictures.get(i));
            report.add();
          }
        }
        progress.stepTo(report.records() - before);
      }
    }
  }

  /** The pictures of a sample, each as one panel or as two. */
  private List<List<RgbImage>> pictures(List<RgbImage> sample) {
    if (panels == 1) {
      return sample.stream().map(List::of).toList();
    }
    return sample.size() == panels ? List.of(sample) : List.of();
  }
}
