#include "checkpoint/companions.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "checkpoint/messages.h"

namespace lumina::checkpoint {

std::vector<std::string> companion_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool weights =
        (name.rfind("model", 0) == 0 && name.find(".safetensors") != std::string::npos) ||
        (name.rfind("pytorch_model", 0) == 0 && name.find(".bin") != std::string::npos);
    if (!weights && name != "training-state.safetensors" && entry->is_regular_file()) {
      files.push_back(entry->path().string());
    }
  }
  if (error) fail(folder, "cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace lumina::checkpoint
