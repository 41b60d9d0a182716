package io.github.lumina4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lumina4j.CheckpointException;
import io.github.lumina4j.ErrorCode;
import io.github.lumina4j.LuminaException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The questions a pull asks the hub about one repository. */
final class HubApi {
  /**
   * Where a file's bytes are.
   *
   * @param temporary whether the address runs out, as those of the hub's storage do
   */
  record Location(URI uri, boolean temporary) {}

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern NEXT_PAGE =
      Pattern.compile("<([^>]*)>\\s*;[^,]*\\brel\\s*=\\s*\"?next\"?", Pattern.CASE_INSENSITIVE);
  private static final int MOST_PAGES = 1000;

  // Far above any file there is, and far below what sums of sizes can hold.
  private static final long LARGEST_FILE = 1L << 44;

  private final HubHttp http;
  private final URI endpoint;
  private final RetryPolicy policy;
  private final StopSignal stop;
  private final RepoId repo;

  HubApi(HubHttp http, URI endpoint, RetryPolicy policy, StopSignal stop, RepoId repo) {
    this.http = http;
    this.endpoint = endpoint;
    this.policy = policy;
    this.stop = stop;
    this.repo = repo;
  }

  /** The commit that a branch, a tag or a part of a commit stands for. */
  String commit(String revision) {
    String what = repo + (revision.equals(Names.MAIN) ? "" : " at " + revision);
    HubHttp.Answer answer = page(URI.create(api() + "/revision/" + encoded(revision)), what);
    String commit = json(answer).path("sha").asText();
    if (!Names.isCommit(commit)) {
      throw noHub(answer);
    }
    return commit;
  }

  /** All files of a commit. */
  List<RemoteFile> files(String commit) {
    List<RemoteFile> files = new ArrayList<>();
    Optional<URI> next = Optional.of(URI.create(api() + "/tree/" + commit + "?recursive=true"));
    for (int page = 0; next.isPresent() && page < MOST_PAGES; page++) {
      HubHttp.Answer answer = page(next.get(), repo.toString());
      JsonNode entries = json(answer);
      if (!entries.isArray()) {
        throw noHub(answer);
      }
      for (JsonNode entry : entries) {
        if (entry.path("type").asText().equals("file")) {
          files.add(file(entry, answer));
        }
      }
      next = answer.header("Link").flatMap(link -> nextPage(answer.uri(), link));
    }
    return files;
  }

  /**
   * Where a file's bytes are, as the hub says now.
   *
   * @throws CheckpointException if this is another file than the one that was listed
   */
  Location locate(String commit, RemoteFile file) throws IOException {
    URI uri =
        URI.create(
            endpoint
                + "/"
                + repo
                + "/resolve/"
                + commit
                + "/"
                + Stream.of(file.path().split("/"))
                    .map(HubApi::encoded)
                    .collect(Collectors.joining("/")));
    HubHttp.Answer answer = http.head(uri);
    Optional<URI> storage = answer.redirect();
    if (storage.isEmpty()) {
      HubFailures.checked(answer, repo, repo + ": " + file.path(), http.hasToken());
    }
    compare(file, "hash", file.hash(), hash(answer));
    OptionalLong size =
        answer.header("X-Linked-Size").isPresent() || storage.isPresent()
            ? number(answer, "X-Linked-Size")
            : number(answer, "Content-Length");
    if (size.isPresent()) {
      compare(file, "size", Long.toString(file.size()), Long.toString(size.getAsLong()));
    }
    compare(file, "commit", commit, answer.header("X-Repo-Commit").orElse(commit));
    return new Location(storage.orElse(answer.uri()), storage.isPresent());
  }

  private static String hash(HubHttp.Answer answer) {
    return answer
        .header("X-Linked-Etag")
        .or(() -> answer.header("ETag"))
        .map(tag -> tag.replaceFirst("^W/", "").replace("\"", ""))
        .orElse("none");
  }

  private static OptionalLong number(HubHttp.Answer answer, String name) {
    return answer
        .header(name)
        .filter(text -> text.matches("\\d{1,18}"))
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  private void compare(RemoteFile file, String what, String listed, String told) {
    if (!listed.equals(told)) {
      throw new CheckpointException(
          repo
              + ": "
              + file.path()
              + ": the hub contradicts itself: its list says "
              + what
              + " "
              + listed
              + ", its answer "
              + told);
    }
  }

  private String api() {
    return endpoint + "/api/models/" + repo;
  }

  private HubHttp.Answer page(URI uri, String what) {
    return Retry.of(
        policy,
        stop,
        uri.getHost(),
        () -> HubFailures.checked(http.get(uri), repo, what, http.hasToken()));
  }

  private static JsonNode json(HubHttp.Answer answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw noHub(answer);
    }
  }

  private RemoteFile file(JsonNode entry, HubHttp.Answer answer) {
    JsonNode large = entry.path("lfs");
    String hash = large.isObject() ? large.path("oid").asText() : entry.path("oid").asText();
    long size = (large.isObject() ? large : entry).path("size").asLong(-1);
    if (!Names.isHash(hash) || size < 0 || size > LARGEST_FILE) {
      throw noHub(answer);
    }
    return new RemoteFile(entry.path("path").asText(), size, hash);
  }

  private static Optional<URI> nextPage(URI from, String link) {
    Matcher next = NEXT_PAGE.matcher(link);
    if (!next.find()) {
      return Optional.empty();
    }
    try {
      URI uri = from.resolve(next.group(1));
      if (uri.getHost() != null && HubHttp.sameOrigin(from, uri)) {
        return Optional.of(uri);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new LuminaException(ErrorCode.IO, from.getHost() + " continues its list elsewhere");
  }

  /** A wall before the network, or an HF_ENDPOINT that is something else. */
  private static LuminaException noHub(HubHttp.Answer answer) {
    return new LuminaException(
        ErrorCode.IO,
        answer.uri().getHost()
            + " does not answer as a hub does; check HF_ENDPOINT and the proxy variables");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
