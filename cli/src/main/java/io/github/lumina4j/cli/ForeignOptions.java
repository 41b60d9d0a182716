package io.github.lumina4j.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Options that people know from other programs: the Python original, sd-cli of
 * stable-diffusion.cpp, diffusers and others. What is the same thing here is understood; the rest
 * gets an answer.
 */
final class ForeignOptions {
  private static final String WIDTH = "width";
  private static final String HEIGHT = "height";
  private static final String I2I_TASK = "i2i-task";
  private static final String INPUT = "INPUT";

  /**
   * What a foreign option means here.
   *
   * @param ours the option of ours, {@link #INPUT}, or the name of a part of one
   * @param fixed the value that a flag stands for; null if the option has a value of its own
   * @param answer why there is no such thing; null if there is
   */
  record Meaning(String ours, String fixed, String answer) {
    boolean takesValue() {
      return fixed == null;
    }

    /** Adds to the words of a command line; {@code parts} wait for {@link #join}. */
    void apply(
        String value, List<String> options, List<String> positionals, Map<String, String> parts) {
      if (ours.equals(INPUT)) {
        positionals.add(0, value);
      } else if (!ours.startsWith("-")) {
        parts.put(ours, value);
      } else if (fixed == null) {
        options.add(ours + "=" + value);
      } else {
        options.add(fixed.isEmpty() ? ours : ours + "=" + fixed);
      }
    }
  }

  private static final Map<String, Meaning> MEANINGS = meanings();

  private ForeignOptions() {}

  /** What {@code name} means to the command; empty if that is unknown. */
  static Optional<Meaning> meaning(CommandSpec spec, String name) {
    Meaning meaning = MEANINGS.get(name);
    if (meaning == null) {
      return Optional.empty();
    }
    Set<String> own = spec.optionsMap().keySet();
    if (meaning.answer() != null) {
      return own.contains("--cfg") ? Optional.of(meaning) : Optional.empty();
    }
    boolean known =
        switch (meaning.ours()) {
          case INPUT -> takesPicture(spec) || own.contains("--cfg");
          case WIDTH, HEIGHT -> own.contains("--size");
          case I2I_TASK -> own.contains("--task");
          default -> own.contains(meaning.ours());
        };
    if (known && meaning.ours().equals(INPUT) && !takesPicture(spec)) {
      return Optional.of(
          new Meaning(null, null, "a given picture is an argument of 'lumina edit': edit FILE"));
    }
    return known ? Optional.of(meaning) : Optional.empty();
  }

  private static boolean takesPicture(CommandSpec spec) {
    return spec.positionalParameters().stream().anyMatch(p -> p.paramLabel().equals(INPUT))
        && (spec.optionsMap().containsKey("--cfg") || spec.name().equals("reconstruct"));
  }

  /**
   * Makes options of ours from the parts that were given.
   *
   * @throws UsageException if one is missing
   */
  static void join(CommandSpec spec, Map<String, String> parts, List<String> options) {
    String width = parts.get(WIDTH);
    String height = parts.get(HEIGHT);
    if ((width == null) != (height == null)) {
      throw new UsageException(
          spec,
          (width == null ? "--height" : "--width")
              + " needs "
              + (width == null ? "--width" : "--height")
              + " as well; here both are one option: --size WxH, such as --size 512x512");
    }
    if (width != null) {
      options.add("--size=" + width + "x" + height);
    }
    String task = parts.get(I2I_TASK);
    if (task != null) {
      options.removeIf("--task=i2i"::equals);
      options.add("--task=" + (task.equals("subject") ? task : "i2i-" + task));
    }
  }

  private static Map<String, Meaning> meanings() {
    Map<String, Meaning> all = new HashMap<>();
    same(all, "--model", "--model-path --model-dir --ckpt --checkpoint --diffusion-model -m");
    same(all, "--image-tokenizer", "--vae --vae-path --vqgan --vq-model");
    same(all, "--lora", "--lora-path --lora-dir --adapter");
    same(all, "--output", "--save-path --out --outfile --output-path --outdir --output-dir");
    same(all, "--prompt", "--image-prompt --text --caption --instruction");
    same(all, "--cfg", "--cfg-scale --guidance-scale --guidance --scale");
    same(all, "--top-k", "--topk --image-top-k");
    same(all, "--temperature", "--temp");
    same(all, "--seed", "-s --random-seed");
    same(all, "--count", "--num-images --num-images-per-prompt --batch-count --n-iter --n-samples");
    same(all, "--together", "--batch-size");
    same(all, "--threads", "--num-threads -t");
    same(all, "--dtype", "--precision --torch-dtype");
    same(all, "--size", "--resolution --image-size");
    same(all, INPUT, "--image-path --init-img --init-image --image --input-image -i");
    same(all, WIDTH, "--width -W");
    same(all, HEIGHT, "--height -H");
    same(all, I2I_TASK, "--i2i-task");
    flag(all, "--quantize", "int4", "--quant");
    flag(all, "--speculate", "", "--speculative-jacobi --speculative");
    flag(all, "--device", "cuda", "--cuda --gpu");
    flag(all, "--device", "cpu", "--cpu");
    flag(all, "--dtype", "bf16", "--bf16");
    flag(all, "--dtype", "fp32", "--fp32");
    answer(
        all,
        "this model has no steps, it draws a picture code by code; --speculate is faster",
        "--steps --num-inference-steps --sampling-steps --sample-steps --inference-steps");
    answer(
        all,
        "this model has no samplers, it draws codes; --temperature and --top-k decide how",
        "--sampler --sampler-name --sampling-method --scheduler --schedule");
    answer(
        all,
        "this model takes no negative prompt; --cfg says how closely to follow the prompt",
        "--negative-prompt --negative --neg-prompt --n-prompt");
    answer(
        all,
        "the scale follows the adapter: --lora PATH:0.8",
        "--lora-scale --lora-weight --lora-strength --lora-alpha");
    answer(
        all,
        "an edit has no strength; the instruction says what is to change",
        "--strength --denoising-strength --denoise");
    answer(all, "this model takes no mask; say what is to change", "--mask --mask-image");
    answer(all, "numbers are bf16 or fp32: --dtype bf16", "--fp16 --half --no-half");
    answer(all, "this model has no CLIP", "--clip-skip --clip-l --clip-g --t5xxl");
    return all;
  }

  private static void same(Map<String, Meaning> all, String ours, String names) {
    put(all, names, new Meaning(ours, null, null));
  }

  private static void flag(Map<String, Meaning> all, String ours, String value, String names) {
    put(all, names, new Meaning(ours, value, null));
  }

  private static void answer(Map<String, Meaning> all, String answer, String names) {
    put(all, names, new Meaning(null, null, answer));
  }

  private static void put(Map<String, Meaning> all, String names, Meaning meaning) {
    for (String name : names.split(" ")) {
      if (all.put(name, meaning) != null) {
        throw new IllegalStateException(name + " has two meanings");
      }
    }
  }
}
