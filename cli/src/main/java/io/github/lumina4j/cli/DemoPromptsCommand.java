package io.github.lumina4j.cli;

import io.github.lumina4j.demo.SampleSource;
import io.github.lumina4j.demo.TaskShares;
import io.github.lumina4j.demo.TrainingSample;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lumina demo-data prompts}: what the samples say. */
@CommandLine.Command(
    name = "prompts",
    header = "Print what the samples say.",
    description = {
      "One line on standard output for each sample: the task, the prompt and, for the task subject,"
          + " the description of the given picture, separated by tabs. The demo model's tokenizer is"
          + " made from these."
    },
    abbreviateSynopsis = true)
final class DemoPromptsCommand extends Command {
  @Option(names = "--count", required = true, paramLabel = "N", description = "How many samples.")
  private long count;

  @Mixin private DemoWorldMixin world;

  DemoPromptsCommand(Environment environment) {
    super(environment);
  }

  private record Line(String task, String prompt, String description) {}

  @Override
  protected void run() {
    DemoDataReport.checkCount(count);
    SampleSource samples = world.samples(TaskShares.USUAL);
    for (long index = 0; index < count; index++) {
      checkCancelled();
      TrainingSample sample = samples.sample(index);
      if (report().json()) {
        out().println(JsonText.of(new Line(sample.task(), sample.prompt(), sample.description())));
      } else {
        String description = sample.description() == null ? "" : "\t" + sample.description();
        out().println(sample.task() + "\t" + sample.prompt() + description);
      }
    }
  }
}
