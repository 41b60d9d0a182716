package io.github.lumina4j.cli;

import io.github.lumina4j.GenerationCancelledException;
import io.github.lumina4j.hub.ModelHub;
import io.github.lumina4j.hub.PullRequest;
import io.github.lumina4j.hub.PulledModel;
import io.github.lumina4j.hub.RepoId;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lumina pull}: a model from the hub into the cache. */
@CommandLine.Command(
    name = "pull",
    header = "Fetch a model from the Hugging Face hub.",
    description =
        "Its files go to the cache that the Python library huggingface_hub shares, and are checked"
            + " by size and hash. A pull that was stopped continues when the same command is given"
            + " again. Every command then knows the model as --model ORG/NAME.",
    abbreviateSynopsis = true,
    footer = {
      "",
      "Standard output gets the folder.",
      "",
      "Variables, as in huggingface_hub:",
      "  HF_HOME, HF_HUB_CACHE     where the cache is; ~/.cache/huggingface/hub",
      "  HF_TOKEN, HF_TOKEN_PATH   a token, for models that are gated or private",
      "  HF_ENDPOINT               another hub",
      "  HF_HUB_OFFLINE            1: use what is in the cache and ask nobody",
      "  HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
      "",
      "Examples:",
      "  lumina pull Alpha-VLLM/Lumina-mGPT-2.0",
      "  lumina pull ai-forever/MoVQGAN --include 'movqgan_270M*'",
      "  lumina generate --model Alpha-VLLM/Lumina-mGPT-2.0 \\",
      "    --image-tokenizer ai-forever/MoVQGAN \"a red fox\""
    })
final class PullCommand extends Command {
  @Parameters(index = "0", paramLabel = "REPO", description = "The repository, ORG/NAME.")
  private String repo;

  @Option(
      names = "--revision",
      paramLabel = "REV",
      description = "A branch, a tag or a commit (default: main).")
  private String revision = "main";

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description =
          "Fetch the files whose path matches; * stands for any characters, / too. May be given "
              + "several times (default: what a checkpoint needs: configuration, tokenizer, "
              + "safetensors and movqgan*).")
  private List<String> include = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description = "Leave out the files whose path matches. May be given several times.")
  private List<String> exclude = List.of();

  private record Report(
      String repo, String commit, String folder, List<String> files, long bytes, long downloaded) {}

  PullCommand(Environment environment) {
    super(environment);
  }

  @Override
  protected void run() {
    PullRequest request = new PullRequest(RepoId.parse(repo), revision, include, exclude);
    ProxyPasswords.allow(environment());
    ModelHub hub = ModelHub.of(environment().variables());
    PulledModel model;
    try (PullDisplay display = new PullDisplay(this, request)) {
      model = hub.pull(request, display, environment().cancellation());
    } catch (GenerationCancelledException e) {
      note("what has arrived is kept; the same command continues from there");
      throw e;
    }
    out()
        .println(
            report().json()
                ? JsonText.report(
                    new Report(
                        model.repo().toString(),
                        model.commit(),
                        model.folder().toString(),
                        model.files(),
                        model.bytes(),
                        model.downloaded()))
                : model.folder());
  }
}
