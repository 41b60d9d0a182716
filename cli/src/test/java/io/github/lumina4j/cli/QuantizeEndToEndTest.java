package io.github.lumina4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quantised models from the command line, on the real library. */
class QuantizeEndToEndTest {
  @TempDir Path folder;

  private final Program program = new Program(new LibraryBackend());

  @BeforeEach
  void recipesGoToTheFolderOfTheTest() {
    program.variables.put("LUMINA_CACHE", folder.resolve("cache").toString());
    program.variables.put("LUMINA_MODEL", "recipe:tiny");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Program.Result run(Object... args) {
    return program.run(Stream.of(args).map(Object::toString).toArray(String[]::new));
  }

  private Program.Result succeed(Object... args) {
    Program.Result result = run(args);
    assertThat(result.code()).as(result.err()).isZero();
    return result;
  }

  private int[] draw(String name, Object... more) {
    Object[] request = {
      "generate",
      "fox",
      "--size",
      "64x64",
      "--seed",
      7,
      "-o",
      file(name + ".png"),
      "--save-tokens",
      file(name + ".json")
    };
    succeed(Stream.concat(Stream.of(request), Stream.of(more)).toArray());
    return TokenFile.read(file(name + ".json")).codes();
  }

  @Test
  void a_quantised_folder_draws_what_quantising_while_loading_does() {
    int[] plain = draw("plain");
    int[] loaded = draw("loaded", "--quantize", "int4:64:hqq");
    assertThat(loaded).isNotEqualTo(plain);
    succeed("quantize", "recipe:tiny", file("packed"), "--group", 64, "--method", "hqq");
    assertThat(draw("packed", "--model", file("packed"))).isEqualTo(loaded);
    assertThat(draw("exact", "--model", file("packed"), "--activations", "exact"))
        .isNotEqualTo(loaded);
    assertThat(succeed("inspect", file("packed")).out()).contains("int4:64:hqq");
  }

  @Test
  void mistakes_are_told_in_a_line() {
    succeed("quantize", "recipe:tiny", file("packed"), "--format", "int8");
    Program.Result again = run("quantize", file("packed"), file("again"));
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("needs weights that are not quantised");
    Program.Result unknown = run("quantize", "recipe:tiny", file("other"), "--format", "int3");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("unknown quantisation 'int3'");
    Program.Result full = run("quantize", "recipe:tiny", file("packed"));
    assertThat(full.code()).isEqualTo(2);
    assertThat(full.err()).contains("is no empty folder");
    assertThat(file("again")).doesNotExist();
    assertThat(file("other")).doesNotExist();
  }
}
