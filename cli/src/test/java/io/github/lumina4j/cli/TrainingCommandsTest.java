package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lumina4j.Device;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.Precision;
import io.github.lumina4j.training.Finetuning;
import io.github.lumina4j.training.Optimizer;
import io.github.lumina4j.training.StartingModel;
import io.github.lumina4j.training.TokenizerTraining;
import io.github.lumina4j.training.TrainingLength;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrainingCommandsTest extends CommandTest {
  private static final Path RECORDS = Path.of("records");

  private Path out() {
    return file("run");
  }

  private Program.Result finetune(Object... more) {
    return run(concat("finetune", "--data", "records", "-o", out(), more));
  }

  private Program.Result trainTokenizer(Object... more) {
    return run(concat("train-image-tokenizer", "--data", "records", "-o", out(), more));
  }

  private static Object[] concat(Object a, Object b, Object c, Object d, Object e, Object[] more) {
    return Stream.concat(Stream.of(a, b, c, d, e), Stream.of(more)).toArray();
  }

  private void refuseJob(String message, Program.Result result) {
    assertThat(result.err()).startsWith("lumina: ").contains(message);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.code()).isEqualTo(2);
    assertThat(backend.trainings).isEmpty();
  }

  @Test
  void without_options_the_transformer_is_trained_by_the_defaults() {
    Program.Result result = finetune();
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(backend.trainings)
        .containsExactly(
            Finetuning.builder(out(), StartingModel.of(model())).data(RECORDS).build());
    assertThat(result.out()).isEqualTo(out().resolve("final") + "\n");
    assertThat(program.patience).containsExactly(Duration.ofMinutes(10));
  }

  @Test
  void every_option_of_the_transformer_arrives() {
    assertThat(
            finetune(
                    "--data",
                    "more:0.5",
                    "--steps",
                    7,
                    "--warmup-steps",
                    2.5,
                    "--batch-size",
                    3,
                    "--accumulation",
                    2,
                    "--learning-rate",
                    "1e-3",
                    "--min-learning-rate",
                    "1e-4",
                    "--weight-decay",
                    0.1,
                    "--clip",
                    1,
                    "--beta1",
                    0.8,
                    "--beta2",
                    0.99,
                    "--dtype",
                    "fp32",
                    "--seed",
                    5,
                    "--threads",
                    3,
                    "--device",
                    "cuda:1",
                    "--save-every",
                    11,
                    "--keep",
                    4,
                    "--validate-every",
                    6,
                    "--validation-records",
                    8,
                    "--max-seconds",
                    90,
                    "--max-seq-len",
                    2048,
                    "--prompt-dropout",
                    0.2,
                    "--dropout",
                    0,
                    "--z-loss",
                    "1e-5",
                    "--checkpointing",
                    "--save-dtype",
                    "fp32",
                    "--lora-rank",
                    8,
                    "--lora-targets",
                    "q_proj,v_proj")
                .code())
        .isZero();
    assertThat(backend.trainings)
        .containsExactly(
            Finetuning.builder(out(), StartingModel.of(model()))
                .data(RECORDS)
                .data(Path.of("more"), 0.5)
                .maxSequenceLength(2048)
                .promptDropout(0.2)
                .dropout(0)
                .zLoss(1e-5)
                .checkpointing(true)
                .weights(Precision.FP32)
                .lora(new Finetuning.Lora(8, 16, List.of("q_proj", "v_proj")))
                .options(
                    Finetuning.defaultOptions().toBuilder()
                        .length(TrainingLength.steps(7))
                        .warmup(TrainingLength.steps(2.5))
                        .batchSize(3)
                        .accumulation(2)
                        .learningRate(1e-3)
                        .minLearningRate(1e-4)
                        .weightDecay(0.1)
                        .clip(1)
                        .beta1(0.8)
                        .beta2(0.99)
                        .precision(Precision.FP32)
                        .seed(5)
                        .threads(3)
                        .device(new Device("cuda:1"))
                        .saveEvery(11)
                        .keep(4)
                        .validateEvery(6)
                        .validationRecords(8)
                        .maxSeconds(90)
                        .build())
                .build());
  }

  @Test
  void a_fresh_model_needs_all_its_files_and_no_other_model() {
    Path vq = model().resolve("movqgan.safetensors");
    finetune(
        "--config", "c.json", "--tokenizer", "t", "--image-tokenizer", vq, "--optimizer", "muon");
    Finetuning job = (Finetuning) backend.trainings.remove(0);
    assertThat(job.start()).isEqualTo(StartingModel.fresh(Path.of("c.json"), Path.of("t"), vq));
    assertThat(job.optimizer()).isEqualTo(Optimizer.MUON);
    refuseJob("a fresh model needs", finetune("--config", "c.json", "--tokenizer", "t"));
    refuseJob("give one", finetune("--config", "c.json", "--model", model()));
  }

  @Test
  void an_image_tokenizer_beside_a_model_goes_into_the_checkpoints() {
    finetune("--image-tokenizer", "vq.ckpt");
    assertThat(((Finetuning) backend.trainings.get(0)).start())
        .isEqualTo(new StartingModel.Existing(model(), Optional.of(Path.of("vq.ckpt"))));
  }

  @Test
  void without_options_the_image_tokenizer_is_trained_by_the_defaults() {
    assertThat(trainTokenizer().code()).isZero();
    assertThat(backend.trainings)
        .containsExactly(TokenizerTraining.builder(out()).source(RECORDS, 1).build());
  }

  @Test
  void every_option_of_the_image_tokenizer_arrives() {
    assertThat(
            trainTokenizer(
                    "--data",
                    "b:3",
                    "--steps",
                    9,
                    "--warmup-steps",
                    2,
                    "--batch-size",
                    3,
                    "--accumulation",
                    2,
                    "--dtype",
                    "bf16",
                    "--threads",
                    1,
                    "--crop",
                    64,
                    "--channels",
                    32,
                    "--multipliers",
                    "1,1,2,2",
                    "--residual-blocks",
                    1,
                    "--codes",
                    512,
                    "--l2-weight",
                    2,
                    "--codebook-weight",
                    3,
                    "--commitment",
                    0.5,
                    "--free-steps",
                    4,
                    "--restart-every",
                    5,
                    "--restart-until",
                    0.5,
                    "--merge-distance",
                    0.25)
                .code())
        .isZero();
    assertThat(backend.trainings)
        .containsExactly(
            TokenizerTraining.builder(out())
                .source(RECORDS, 1)
                .source(Path.of("b"), 3)
                .shape(
                    new TokenizerTraining.Shape(
                        32,
                        List.of(1, 1, 2, 2),
                        TokenizerTraining.Shape.RELEASED.attention(),
                        1,
                        512,
                        4,
                        4))
                .crop(64)
                .l2Weight(2)
                .codebookWeight(3)
                .commitment(0.5)
                .freeSteps(4)
                .restartEvery(5)
                .restartUntil(0.5)
                .mergeDistance(0.25)
                .options(
                    TokenizerTraining.defaultOptions().toBuilder()
                        .length(TrainingLength.steps(9))
                        .warmup(TrainingLength.steps(2))
                        .batchSize(3)
                        .accumulation(2)
                        .precision(Precision.BF16)
                        .threads(1)
                        .build())
                .build());
  }

  @Test
  void options_that_mean_nothing_are_wrong_usage() {
    refuseJob("--output", run("finetune", "--data", "records"));
    refuseJob("--data", run("finetune", "-o", out()));
    refuseJob("say the same", finetune("--epochs", 1, "--steps", 5));
    refuseJob("say the same", finetune("--warmup-epochs", 1, "--warmup-steps", 5));
    refuseJob("adapters need --lora-rank", finetune("--lora-alpha", 4));
    refuseJob("no linear layer", finetune("--lora-rank", 4, "--lora-targets", "x"));
    refuseJob("--optimizer must be adamw or muon", finetune("--optimizer", "sgd"));
    refuseJob("batch size", finetune("--batch-size", 0));
    refuseJob("ratio", finetune("--data", "more:2"));
    refuseJob("'half' is no number", finetune("--data", "more:half"));
    refuseJob("learning rate", trainTokenizer("--learning-rate", -1));
    refuseJob("multiple of 8", trainTokenizer("--crop", 12));
    refuseJob("its own shape", trainTokenizer("--from", "vq.ckpt", "--codes", 512));
    refuseJob("fp32 or bf16", trainTokenizer("--dtype", "auto"));
  }

  @Test
  void a_path_with_a_colon_is_a_path_if_it_exists() throws Exception {
    Path odd = Files.createFile(file("a:2"));
    assertThat(DataArgument.parse(odd.toString())).isEqualTo(new DataArgument(odd, 1));
    assertThat(DataArgument.parse("a:2")).isEqualTo(new DataArgument(Path.of("a"), 2));
  }

  @Test
  void progress_has_loss_rate_and_validation() {
    assertThat(trainTokenizer().err().lines())
        .containsExactly(
            "training: step 1 of 4, loss 1.0000, rate 1.00e-04",
            "training: step 2 of 4, loss 0.5000, rate 1.00e-04, 2.0 s left",
            "training: step 3 of 4, loss 0.3333, rate 1.00e-04, 1.0 s left",
            "training: step 4 of 4, loss 0.2500, rate 1.00e-04, validation psnr 21.5000,"
                + " 0.0 s left",
            trainTokenizer().err().lines().reduce((first, second) -> second).orElseThrow());
    program.terminal = new Terminal(true, 100);
    assertThat(trainTokenizer().err()).contains("4/4 steps", "loss 0.2500");
    assertThat(trainTokenizer("--quiet").err()).isEmpty();
  }

  @Test
  void the_json_report_says_how_far_it_came() {
    JsonNode report = json(trainTokenizer("--json", "--max-seconds", 1).out());
    assertThat(report.path("model").asText()).isEqualTo(out().resolve("step-00000002").toString());
    assertThat(report.path("finished").asBoolean(true)).isFalse();
    assertThat(report.path("steps").asInt()).isEqualTo(2);
    assertThat(report.path("loss").asDouble()).isEqualTo(0.5);
    backend.failure = new LuminaException(ErrorCode.NUMERICAL, "the loss is not finite");
    Program.Result failed = trainTokenizer("--json");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(json(failed.out()).path("error").path("code").asText()).isEqualTo("numerical");
  }
}
