package io.github.lumina4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lumina4j.Adapter;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.internal.AdapterJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherModelsTest {
  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** A safetensors file of one empty tensor of that name. */
  private Path weights(String name, String tensor) throws IOException {
    String header =
        "{\"" + tensor + "\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}      ";
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + header.length())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length())
            .put(header.getBytes(StandardCharsets.US_ASCII));
    return Files.write(folder.resolve(name), file.array());
  }

  /** The same answer wherever the path is given as a model. */
  private void assertModelRefused(Path path, String... texts) {
    assertThatThrownBy(() -> new CheckpointFolder(path))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path + ": this is ")
        .hasMessageContainingAll(texts);
    assertThatThrownBy(() -> ModelInfo.inspect(path))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path + ": this is ")
        .hasMessageContainingAll(texts);
  }

  private void assertAdapterRefused(Path path, String... texts) {
    assertThatThrownBy(() -> AdapterJson.of(List.of(Adapter.of(path))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(path + ": this is ")
        .hasMessageContainingAll(texts);
  }

  @Test
  void a_model_of_transformers_is_told_by_its_type_and_class() throws IOException {
    write(
        "config.json",
        "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", \"rope_theta\": 1e4}");
    assertModelRefused(
        folder, "this is a llama model (LlamaForCausalLM); lumina runs Lumina-mGPT 2.0 only");
    write("config.json", "{\"model_type\": \"qwen2\"}");
    assertModelRefused(folder, "this is a qwen2 model; lumina runs");
  }

  @Test
  void metas_chameleon_is_told_from_this_model() throws IOException {
    String config =
        "{\"model_type\": \"chameleon\", \"vocab_size\": 65536, \"architectures\": [\"%s\"]}";
    write("config.json", config.formatted("ChameleonForConditionalGeneration"));
    assertModelRefused(folder, "this is Meta's Chameleon (ChameleonForConditionalGeneration)");
    write("config.json", config.formatted("ChameleonXLLMXForConditionalGeneration"));
    assertThatCode(() -> new CheckpointFolder(folder)).doesNotThrowAnyException();
  }

  @Test
  void a_diffusers_pipeline_is_told_by_its_class() throws IOException {
    write("model_index.json", "{\"_class_name\": \"StableDiffusionXLPipeline\"}");
    assertModelRefused(
        folder, "this is a diffusers pipeline (StableDiffusionXLPipeline) (model_index.json)");
    Files.delete(folder.resolve("model_index.json"));
    write("config.json", "{\"_class_name\": \"UNet2DConditionModel\"}");
    assertModelRefused(folder, "this is a part of a diffusers pipeline (UNet2DConditionModel)");
  }

  @Test
  void gguf_is_told_as_a_file_and_as_a_folder() throws IOException {
    Path file = write("lumina-q4.gguf", "GGUF\3\0\0\0");
    assertModelRefused(file, "this is a GGUF model (lumina-q4.gguf)", "from safetensors");
    assertModelRefused(folder, "this is a GGUF model (lumina-q4.gguf)");
    Path renamed = write("model.bin", "GGUF\3\0\0\0");
    assertModelRefused(renamed, "this is a GGUF model (model.bin)");
    assertAdapterRefused(renamed, "this is a GGUF file", "PEFT's format");
  }

  @Test
  void single_files_of_other_programs_are_told_by_their_tensors() throws IOException {
    assertModelRefused(
        weights("sdxl.safetensors", "model.diffusion_model.input_blocks.0.0.weight"),
        "this is a Stable Diffusion checkpoint");
    assertModelRefused(
        weights("flux.safetensors", "double_blocks.0.img_attn.norm.key_norm.scale"),
        "this is a diffusion transformer");
    assertModelRefused(
        weights(
            "peft.safetensors", "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"),
        "this is an adapter: give it as --lora");
  }

  @Test
  void adapters_of_other_models_are_told_by_their_format() throws IOException {
    Path kohya =
        weights("kohya.safetensors", "lora_unet_down_blocks_1_attentions_0.lora_down.weight");
    assertAdapterRefused(kohya, "in the format of kohya's trainer, for other models", "PEFT");
    assertModelRefused(kohya, "in the format of kohya's trainer");
    for (String tensor :
        List.of(
            "unet.down_blocks.1.attentions.0.to_k.lora_A.weight",
            "transformer.transformer_blocks.0.attn.to_q.lora_B.weight",
            "unet.up_blocks.0.to_k.lora.down.weight",
            "unet.up_blocks.0.processor.to_k_lora.lora_linear_layer.down.weight")) {
      assertAdapterRefused(weights("d.safetensors", tensor), "in the format of diffusers");
    }
    Files.delete(folder.resolve("kohya.safetensors"));
    Files.delete(folder.resolve("d.safetensors"));
    weights("pytorch_lora_weights.safetensors", "x");
    assertAdapterRefused(folder, "this is a LoRA of diffusers (pytorch_lora_weights.safetensors)");
    assertModelRefused(folder, "this is a LoRA of diffusers");
  }

  @Test
  void a_model_given_as_an_adapter_and_the_reverse_are_told() throws IOException {
    write("adapter_config.json", "{}");
    assertModelRefused(folder, "this is an adapter: give it as --lora");
    Files.delete(folder.resolve("adapter_config.json"));
    write("config.json", "{\"model_type\": \"chameleon\"}");
    assertAdapterRefused(folder, "this is a model, not an adapter: give it as --model");
  }

  @Test
  void what_is_not_recognised_is_judged_by_who_needs_it() throws IOException {
    assertThatThrownBy(() -> new CheckpointFolder(folder))
        .hasMessage(folder + ": no config.json, so not a checkpoint folder");
    write("config.json", "{\"model_type\": \"chameleon\", ");
    CheckpointFolder damaged = new CheckpointFolder(folder);
    assertThatThrownBy(damaged::imageTokenOffset)
        .hasMessage(folder.resolve("config.json") + ": not JSON (line 1, column 29)");
    Path peft = weights("a.safetensors", "base_model.model.x.lora_A.weight");
    assertThat(AdapterJson.of(List.of(Adapter.of(peft)))).contains("a.safetensors");
  }

  @Test
  void a_config_may_hold_what_python_writes_for_no_number() throws IOException {
    write(
        "config.json",
        "{\"z_loss_weight\": NaN, \"x\": [-Infinity, {\"image_token_offset\": 3}],"
            + " \"image_token_offset\": 1024, \"vocabulary_map\": {\"image_token_offset\": 5}}");
    assertThat(new CheckpointFolder(folder).imageTokenOffset()).isEqualTo(1024);
    write("config.json", "{\"image_token_offset\": null}");
    assertThat(new CheckpointFolder(folder).imageTokenOffset()).isEqualTo(155000);
  }
}
