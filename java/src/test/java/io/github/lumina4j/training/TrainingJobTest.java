package io.github.lumina4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.Precision;
import io.github.lumina4j.testing.Recipes;
import io.github.lumina4j.text.SpecialTokens;
import io.github.lumina4j.text.TokenizerFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jobs tell the engine, and what they refuse. */
class TrainingJobTest {
  private static final Path OUT = Path.of("run");

  @TempDir Path folder;

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  @Test
  void a_fresh_image_tokenizer_is_told_with_its_shape_and_the_defaults() throws Exception {
    TokenizerTraining job =
        TokenizerTraining.builder(OUT).source(Path.of("a"), 3).source(Path.of("b"), 1).build();
    assertThat(new ObjectMapper().readTree(job.describe().toString()))
        .isEqualTo(
            json(
                "{'kind':'movqgan','output':'run','steps':10000,'warmup_steps':0.0,'batch_size':8,"
                    + "'accumulation':1,'learning_rate':2e-5,'min_learning_rate':0.0,"
                    + "'weight_decay':0.0,'clip':4.0,'beta1':0.9,'beta2':0.95,'precision':'fp32',"
                    + "'seed':0,'threads':0,'device':'cpu','save_every':500,'keep':2,'validate_every':0,"
                    + "'validation_records':0,'max_seconds':0.0,"
                    + "'sources':[{'path':'a','weight':3.0},{'path':'b','weight':1.0}],"
                    + "'channels':256,'num_res_blocks':2,'codebook_size':16384,'embed_dim':4,"
                    + "'z_channels':4,'multipliers':[1,2,2,4],"
                    + "'attention':[false,false,false,true],'crop':0,'l2_weight':1.0,"
                    + "'codebook_weight':1.0,'commitment':0.25,'restart_every':50,"
                    + "'restart_until':0.8,'merge_distance':0.0,'optimizer':'adamw','weights':'fp32'}"));
  }

  @Test
  void a_trained_image_tokenizer_brings_its_own_shape() {
    ObjectNode json =
        TokenizerTraining.builder(OUT)
            .source(Path.of("a"), 1)
            .from(Path.of("vq.ckpt"))
            .freeSteps(5)
            .optimizer(Optimizer.MUON)
            .build()
            .describe();
    assertThat(json.path("from").asText()).isEqualTo("vq.ckpt");
    assertThat(json.path("free_steps").asInt()).isEqualTo(5);
    assertThat(json.path("optimizer").asText()).isEqualTo("muon");
    assertThat(json.has("channels")).isFalse();
  }

  @Test
  void the_transformer_is_told_with_the_defaults_of_the_reference() throws Exception {
    Path model = Recipes.tiny();
    SpecialTokens tokens = SpecialTokens.of(TokenizerFile.read(model), 0);
    Finetuning job =
        Finetuning.builder(OUT, StartingModel.of(model)).data(Path.of("records"), 0.5).build();
    ObjectNode expected =
        json(
            "{'kind':'transformer','output':'run','epochs':1.0,'warmup_epochs':0.03,"
                + "'batch_size':4,'accumulation':4,'learning_rate':2e-5,'min_learning_rate':0.0,"
                + "'weight_decay':0.0,'clip':4.0,'beta1':0.9,'beta2':0.95,'precision':'bf16',"
                + "'seed':0,'threads':0,'device':'cpu','save_every':500,'keep':2,'validate_every':0,"
                + "'validation_records':0,'max_seconds':0.0,'token_ids':{'image_start':%d,"
                    .formatted(tokens.imageStart())
                + "'image_end':%d},'records':[{'path':'records','ratio':0.5}],"
                    .formatted(tokens.imageEnd())
                + "'max_seq_len':1024,'prompt_dropout':0.1,'dropout':0.05,'z_loss':0.0,"
                + "'checkpointing':false,'weights':'bf16','optimizer':'adamw'}");
    expected.put("model", model.toString());
    assertThat(new ObjectMapper().readTree(job.describe().toString())).isEqualTo(expected);
  }

  @Test
  void adapters_are_told_with_rank_alpha_and_targets() throws Exception {
    ObjectNode told =
        Finetuning.builder(OUT, StartingModel.of(Recipes.tiny()))
            .data(Path.of("records"))
            .lora(new Finetuning.Lora(16, 32, List.of("q_proj", "v_proj")))
            .options(
                Finetuning.defaultOptions().toBuilder().length(TrainingLength.steps(7)).build())
            .build()
            .describe();
    assertThat(new ObjectMapper().readTree(told.path("lora").toString()))
        .isEqualTo(json("{'rank':16,'alpha':32.0,'targets':['q_proj','v_proj']}"));
    assertThat(told.path("steps").isIntegralNumber()).isTrue();
    assertThat(told.path("steps").asInt()).isEqualTo(7);
    assertThat(told.has("epochs")).isFalse();
  }

  @Test
  void a_fresh_model_is_told_with_its_configuration_and_files() throws Exception {
    Path model = Recipes.tiny();
    Path vq = model.resolve("movqgan.safetensors");
    ObjectNode told =
        Finetuning.builder(OUT, StartingModel.fresh(model.resolve("config.json"), model, vq))
            .data(Path.of("records"))
            .build()
            .describe();
    assertThat(told.path("config"))
        .isEqualTo(new ObjectMapper().readTree(model.resolve("config.json").toFile()));
    assertThat(told.path("tokenizer").asText()).isEqualTo(model.toString());
    assertThat(told.path("image_tokenizer").asText()).isEqualTo(vq.toString());
    assertThat(told.has("model")).isFalse();
  }

  @Test
  void a_configuration_that_is_missing_or_damaged_is_named() throws Exception {
    Path config = folder.resolve("config.json");
    Finetuning job =
        Finetuning.builder(OUT, StartingModel.fresh(config, folder, folder))
            .data(Path.of("records"))
            .build();
    for (String text : new String[] {null, "{", "[]"}) {
      if (text != null) {
        Files.writeString(config, text);
      }
      assertThatThrownBy(() -> job.run(null, null))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(config.toString())
          .message()
          .doesNotContain("\n");
    }
  }

  private static void refused(UnaryOperator<TrainingOptions.Builder> change, String message) {
    assertThatThrownBy(() -> change.apply(Finetuning.defaultOptions().toBuilder()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void options_out_of_their_ranges_are_refused() {
    refused(o -> o.length(TrainingLength.steps(0)), "above 0");
    refused(o -> o.length(TrainingLength.steps(1.5)), "whole number");
    refused(o -> o.batchSize(0), "batch size must be 1 to 65535, not 0");
    refused(o -> o.accumulation(65536), "accumulation");
    refused(o -> o.learningRate(Double.NaN), "learning rate");
    refused(o -> o.minLearningRate(1), "above the learning rate");
    refused(o -> o.weightDecay(-1), "weight decay");
    refused(o -> o.clip(Double.POSITIVE_INFINITY), "clip");
    refused(o -> o.beta1(1), "beta1");
    refused(o -> o.beta2(-0.1), "beta2");
    refused(o -> o.precision(Precision.AUTO), "fp32 or bf16");
    refused(o -> o.seed(-1), "seed");
    refused(o -> o.saveEvery(0), "checkpoints");
    refused(o -> o.keep(0), "kept");
    refused(o -> o.maxSeconds(-1), "time limit");
  }

  @Test
  void jobs_that_cannot_be_are_refused() {
    StartingModel model = StartingModel.of(folder);
    StartingModel fresh = StartingModel.fresh(folder, folder, folder);
    Path data = Path.of("records");
    refused(() -> Finetuning.builder(OUT, model).build(), "no records");
    refused(() -> Finetuning.builder(OUT, model).data(data, 0), "ratio");
    refused(() -> Finetuning.builder(OUT, model).data(data).dropout(1).build(), "dropout");
    refused(
        () -> Finetuning.builder(OUT, model).data(data).promptDropout(1).build(), "prompt dropout");
    refused(
        () -> Finetuning.builder(OUT, model).data(data).maxSequenceLength(1).build(), "longest");
    refused(
        () -> Finetuning.builder(OUT, model).data(data).weights(Precision.AUTO).build(), "saved");
    refused(() -> new Finetuning.Lora(0, 1, List.of("q_proj")), "rank");
    refused(() -> new Finetuning.Lora(1, 1, List.of("lm_head")), "'lm_head'; known: q_proj");
    refused(() -> new Finetuning.Lora(1, 1, List.of("q_proj", "q_proj")), "twice");
    Finetuning.Lora lora = new Finetuning.Lora(1, 1, List.of("q_proj"));
    refused(() -> Finetuning.builder(OUT, fresh).data(data).lora(lora).build(), "adapt");
    refused(
        () ->
            Finetuning.builder(OUT, model).data(data).lora(lora).optimizer(Optimizer.MUON).build(),
        "by adamw only");
    refused(() -> Optimizer.byId("sgd"), "'sgd'; known: adamw, muon");
    refused(() -> TokenizerTraining.builder(OUT).build(), "no pixel records");
    refused(() -> TokenizerTraining.builder(OUT).source(data, 0), "weight");
    refused(() -> TokenizerTraining.builder(OUT).source(data, 1).crop(12).build(), "crop");
    refused(
        () ->
            TokenizerTraining.builder(OUT)
                .source(data, 1)
                .options(Finetuning.defaultOptions())
                .build(),
        "not of epochs");
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
