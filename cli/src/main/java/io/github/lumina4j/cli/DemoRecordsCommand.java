package io.github.lumina4j.cli;

import io.github.lumina4j.PipelineOptions;
import io.github.lumina4j.Precision;
import io.github.lumina4j.Tasks;
import io.github.lumina4j.demo.SampleSource;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.TrainingSample;
import io.github.lumina4j.model.CheckpointFolder;
import io.github.lumina4j.training.RecordBuilder;
import io.github.lumina4j.training.RecordShards;
import io.github.lumina4j.training.TrainingExample;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina demo-data records}: token records to train the transformer on. */
@CommandLine.Command(
    name = "records",
    header = "Write token records to train the transformer on.",
    description = {
      "Samples number --first up to --first + --count - 1 of seed N as tokens and labels into "
          + "records-*.safetensors in FOLDER. The model folder needs its config.json, its "
          + "tokenizer and MoVQGAN only."
    },
    abbreviateSynopsis = true)
final class DemoRecordsCommand extends Command {
  /** Samples whose pictures are encoded together; two pictures each at most. */
  private static final int TOGETHER = 32;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "Where the records go.")
  private Path folder;

  @Option(
      names = "--count",
      required = true,
      paramLabel = "N",
      description = "How many samples, those of earlier runs included.")
  private long count;

  @Option(
      names = "--first",
      paramLabel = "INDEX",
      description = "The number of the first sample (default: 0).")
  private long first;

  @Mixin private DemoWorldMixin world;

  @Option(
      names = "--shares",
      paramLabel = "KIND=SHARE,...",
      converter = Converters.Shares.class,
      description =
          "How often samples are of each kind of task; kinds that are not named do not occur. By "
              + "default t2i=50,pair=9,i2i=10,dense=9,subject=6,edit=16.")
  private TaskShares shares = TaskShares.USUAL;

  @Mixin private ModelOptions model;

  DemoRecordsCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    DemoDataReport.checkCount(count);
    if (first < 0 || first > Long.MAX_VALUE - count) {
      throw new IllegalArgumentException(
          "--first must be 0 or more and leave room for --count, not " + first);
    }
    SampleSource samples = world.samples(shares);
    Models models = new Models(environment(), this::note);
    CheckpointFolder checkpoint = models.checkpoint(model);
    PipelineOptions options = models.picturesOnly(model, Precision.FP32);
    Path imageTokenizer = options.imageTokenizer().orElseThrow();
    Map<String, String> madeBy = world.madeBy();
    madeBy.put("demo_first", Long.toString(first));
    madeBy.put("demo_shares", shares.toString());
    madeBy.putAll(Tokenizers.madeBy(checkpoint, imageTokenizer));
    DemoDataReport report;
    try (RecordShards.Writer writer = new RecordShards.Writer(folder, RecordShards.NAME, madeBy)) {
      report = DemoDataReport.from(writer.records());
      if (report.records() < count) {
        checkCancelled();
        note("loading " + imageTokenizer);
        try (Backend.Session session = backend().open(options)) {
          CachedEncoder encoder = new CachedEncoder(session::encode);
          try (RecordBuilder builder = RecordBuilder.open(checkpoint, encoder)) {
            add(writer, samples, encoder, builder, report);
          }
        }
      }
    }
    report.print(out(), report().json(), folder, RecordShards.files(folder).size());
  }

  private void add(
      RecordShards.Writer writer,
      SampleSource source,
      CachedEncoder encoder,
      RecordBuilder builder,
      DemoDataReport report) {
    long before = report.records();
    try (CountingProgress progress =
        CountingProgress.of(
            environment().terminal(), report().quiet(), err(), "samples", count - before)) {
      while (report.records() < count) {
        checkCancelled();
        long index = first + report.records();
        long end = Math.min(index + TOGETHER, first + count);
        List<TrainingSample> samples =
            LongStream.range(index, end).mapToObj(source::sample).toList();
        encoder.prepare(samples.stream().flatMap(sample -> sample.panels().stream()).toList());
        for (TrainingSample sample : samples) {
          writer.add(
              index++,
              builder.build(
                  new TrainingExample.OfTask(
                      Tasks.byName(sample.task()),
                      sample.prompt(),
                      sample.description(),
                      sample.panels())));
          report.add();
        }
        progress.stepTo(report.records() - before);
      }
    }
  }
}
