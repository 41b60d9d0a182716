package io.github.lumina4j.cli;

import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import io.github.lumina4j.hub.CachedRepo;
import io.github.lumina4j.hub.HubCache;
import io.github.lumina4j.hub.ModelHub;
import io.github.lumina4j.hub.RepoReference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina rm}: a model out of the cache. */
@CommandLine.Command(
    name = "rm",
    header = "Remove a model that was pulled.",
    description =
        "Without a revision, all revisions of the model and downloads that were stopped. With one,"
            + " what no other revision shares.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Examples:",
      "  lumina rm Alpha-VLLM/Lumina-mGPT-2.0",
      "  lumina rm Alpha-VLLM/Lumina-mGPT-2.0@1f2e3d4c --yes"
    })
final class RmCommand extends Command {
  private static final Set<String> YES = Set.of("y", "yes");

  @Parameters(
      index = "0",
      paramLabel = "REPO[@REV]",
      description = "The model, and if need be one revision: a branch, a tag or a commit.")
  private String model;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask. Needed where there is no terminal to ask in.")
  private boolean yes;

  private record Report(String removed, long bytes) {}

  RmCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() throws IOException {
    RepoReference reference = RepoReference.parse(model);
    HubCache cache = ModelHub.of(environment().variables()).cache();
    CachedRepo repo =
        cache
            .list(reference.repo())
            .filter(known -> reference.revision().isEmpty() || cache.find(reference).isPresent())
            .orElseThrow(() -> new CheckpointException(reference + ": not in " + cache.folder()));
    if (!yes && !agreed(reference, repo)) {
      throw new LuminaException(ErrorCode.IO, reference + " is kept");
    }
    long freed = cache.remove(reference);
    if (report().json()) {
      out().println(JsonText.report(new Report(reference.toString(), freed)));
    } else {
      out().println("removed " + reference + ", " + Units.bytes(freed) + " freed");
    }
  }

  private boolean agreed(RepoReference reference, CachedRepo repo) throws IOException {
    if (!environment().terminal().interactive()) {
      throw new IllegalArgumentException("no terminal to ask in; --yes removes without asking");
    }
    String what =
        reference.revision().isPresent()
            ? ""
            : " (" + Units.bytes(repo.bytes()) + ", revisions: " + repo.revisions().size() + ")";
    err().print("remove " + reference + what + "? [y/N] ");
    err().flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(environment().in(), StandardCharsets.UTF_8));
    String answer = in.readLine();
    return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
