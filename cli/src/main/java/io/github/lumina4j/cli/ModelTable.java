package io.github.lumina4j.cli;

import io.github.lumina4j.ModelInfo;
import io.github.lumina4j.model.GenerationDefaults;
import java.io.PrintWriter;
import java.util.List;

/** What a checkpoint is, as tables. */
final class ModelTable {
  private ModelTable() {}

  static void print(PrintWriter out, ModelInfo info) {
    out.println(info.path());
    if (info.transformer() != null) {
      transformer(out, info.transformer());
    }
    if (info.imageTokenizer() != null) {
      imageTokenizer(out, info.imageTokenizer());
    } else {
      out.println();
      out.println("no image tokenizer in the folder; --image-tokenizer names one");
    }
    if (info.defaults() != null) {
      defaults(out, info.defaults());
    }
    if (!info.memory().isEmpty()) {
      memory(out, info);
    }
  }

  /** What of the checkpoint nothing is computed from. */
  static void printUnused(PrintWriter out, ModelInfo info) {
    if (info.transformer() == null) {
      return;
    }
    out.println();
    out.println("not used of config.json");
    Table keys = new Table("ll");
    for (ModelInfo.ConfigNote note : info.transformer().configNotes()) {
      keys.row(note.key(), note.remark());
    }
    keys.print(out, "  ");
    List<String> tensors = info.transformer().unusedTensors();
    out.println();
    out.println(tensors.isEmpty() ? "every tensor is used" : "tensors that are not used");
    tensors.forEach(name -> out.println("  " + name));
  }

  private static void transformer(PrintWriter out, ModelInfo.Transformer model) {
    out.println();
    out.println("transformer");
    Table table = new Table("ll");
    table.row("parameters", Units.count(model.parameters()));
    table.row("layers", Integer.toString(model.layers()));
    table.row("width", model.hiddenSize() + ", feed-forward " + model.intermediateSize());
    table.row("heads", model.heads() + ", key/value " + model.kvHeads());
    table.row("vocabulary", Integer.toString(model.vocabSize()));
    table.row(
        "image codes",
        model.imageCodebookSize() + ", from token " + model.imageTokenOffset() + " on");
    table.row(
        "stored",
        model.storedDtype()
            + ", "
            + Units.bytes(model.weightBytes())
            + " in "
            + model.files()
            + (model.files() == 1 ? " file" : " files"));
    if (model.quantization() != null) {
      table.row("quantisation", model.quantization());
    }
    table.print(out, "  ");
  }

  private static void imageTokenizer(PrintWriter out, ModelInfo.ImageTokenizer model) {
    out.println();
    out.println("image tokenizer");
    Table table = new Table("ll");
    table.row("file", model.file());
    table.row("kind", "MoVQGAN " + model.name() + ", base width " + model.channels());
    table.row("parameters", Units.count(model.parameters()));
    table.row("codebook", model.codebookSize() + " codes");
    table.row("stored", model.storedDtype() + ", " + Units.bytes(model.weightBytes()));
    table.print(out, "  ");
  }

  private static void defaults(PrintWriter out, GenerationDefaults defaults) {
    out.println();
    out.println("draws by default, unless asked otherwise");
    Table table = new Table("ll");
    defaults.size(1).ifPresent(panel -> table.row("size of a panel", panel.toString()));
    row(table, "cfg", defaults.guidanceScale());
    row(table, "top-k", defaults.imageTopK());
    row(table, "temperature", defaults.temperature());
    table.print(out, "  ");
  }

  private static void row(Table table, String name, Number value) {
    if (value != null) {
      table.row(name, value.toString());
    }
  }

  private static void memory(PrintWriter out, ModelInfo info) {
    out.println();
    out.println("memory needed, by precision and size of the picture");
    Table table = new Table("llrrrr");
    table.row("dtype", "size", "weights", "cache", "picture decoder", "total");
    for (ModelInfo.Memory row : info.memory()) {
      table.row(
          row.precision(),
          row.size(),
          Units.bytes(row.weights()),
          Units.bytes(row.cache()),
          Units.bytes(row.imageDecode()),
          Units.bytes(row.total()));
    }
    table.print(out, "  ");
  }
}
