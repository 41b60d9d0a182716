#include "model/adapter_files.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "checkpoint/foreign_file.h"
#include "checkpoint/messages.h"

namespace lumina::model {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfigFile = "adapter_config.json";

// Also true for a link that leads nowhere, so that opening it names the trouble.
bool is_listed(const fs::path& path) {
  std::error_code ignored;
  return fs::symlink_status(path, ignored).type() != fs::file_type::not_found;
}

// Subfolders that hold an adapter, in order of name.
std::vector<fs::path> adapters_below(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored) && is_listed(entry->path() / kConfigFile)) {
      found.push_back(entry->path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

AdapterFiles in_folder(const fs::path& folder) {
  for (const char* name : {"adapter_model.safetensors", "adapter_model.bin"}) {
    if (is_listed(folder / name)) {
      return {(folder / name).string(), (folder / kConfigFile).string()};
    }
  }
  checkpoint::fail(folder.string(),
                   "holds neither adapter_model.safetensors nor adapter_model.bin with an "
                   "adapter_config.json");
}

}  // namespace

AdapterFiles find_adapter(const std::string& path) {
  std::error_code error;
  AdapterFiles files;
  if (!fs::is_directory(path, error)) {
    files = {path, (fs::path(path).parent_path() / kConfigFile).string()};
    if (!is_listed(path)) checkpoint::fail(path, "no such file or folder");
  } else {
    const auto below =
        is_listed(fs::path(path) / kConfigFile) ? std::vector<fs::path>() : adapters_below(path);
    if (below.size() > 1) {
      checkpoint::fail(path, "holds several adapters, such as " +
                                 checkpoint::quoted(below[0].filename().string()) + " and " +
                                 checkpoint::quoted(below[1].filename().string()) +
                                 "; name the folder of one");
    }
    files = in_folder(below.empty() ? fs::path(path) : below[0]);
  }
  if (!is_listed(files.config)) {
    checkpoint::fail(files.weights, std::string(kConfigFile) +
                                        ", which says how much the adapter counts, is missing "
                                        "beside it; fetch it as well, for example with `" +
                                        checkpoint::pull_command(files.weights) + "`");
  }
  return files;
}

}  // namespace lumina::model
