package io.github.lumina4j.cli;

import io.github.lumina4j.hub.CachedRepo;
import io.github.lumina4j.hub.CachedRevision;
import io.github.lumina4j.hub.HubCache;
import io.github.lumina4j.hub.ModelHub;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/** {@code lumina list}: the models in the cache. */
@CommandLine.Command(
    name = "list",
    header = "List the models that were pulled.",
    description =
        "Those of the cache that the Python library huggingface_hub shares, whoever has put them"
            + " there.",
    abbreviateSynopsis = true,
    footer = {"", "Example:", "  lumina list --json"})
final class ListCommand extends Command {
  private static final int SHORT_COMMIT = 8;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private record Revision(
      String commit, List<String> refs, String folder, int files, long bytes, String lastUsed) {
    static Revision of(CachedRevision revision) {
      return new Revision(
          revision.commit(),
          revision.refs(),
          revision.folder().toString(),
          revision.files(),
          revision.bytes(),
          revision.lastUsed().toString());
    }
  }

  private record Repo(String repo, long bytes, long unfinishedBytes, List<Revision> revisions) {
    static Repo of(CachedRepo repo) {
      return new Repo(
          repo.repo().toString(),
          repo.bytes(),
          repo.unfinishedBytes(),
          repo.revisions().stream().map(Revision::of).toList());
    }
  }

  private record Report(String cache, List<Repo> models) {}

  ListCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    HubCache cache = ModelHub.of(environment().variables()).cache();
    List<CachedRepo> repos = cache.list();
    if (report().json()) {
      out()
          .println(
              JsonText.report(
                  new Report(cache.folder().toString(), repos.stream().map(Repo::of).toList())));
      return;
    }
    if (repos.isEmpty()) {
      note("no models in " + cache.folder() + "; 'lumina pull ORG/NAME' fetches one");
      return;
    }
    Table table = new Table("llrl").row("model", "revision", "size", "last used");
    for (CachedRepo repo : repos) {
      for (CachedRevision revision : repo.revisions()) {
        table.row(
            repo.repo().toString(),
            name(revision),
            Units.bytes(revision.bytes()),
            TIME.format(revision.lastUsed()));
      }
      if (repo.unfinishedBytes() > 0) {
        table.row(repo.repo().toString(), "unfinished", Units.bytes(repo.unfinishedBytes()), "");
      }
    }
    table.print(out(), "");
  }

  private static String name(CachedRevision revision) {
    return revision.refs().isEmpty()
        ? revision.commit().substring(0, SHORT_COMMIT)
        : String.join(", ", revision.refs());
  }
}
