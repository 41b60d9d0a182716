#include "training/record_files.h"

#include <algorithm>
#include <filesystem>

#include "checkpoint/messages.h"

namespace lumina::training {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> shards(const std::string& folder, const std::string& prefix) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.rfind(prefix, 0) == 0 && entry->path().extension() == ".safetensors") {
      files.push_back(entry->path().string());
    }
  }
  if (error) checkpoint::fail(folder, "cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

bool has_record_files(const std::string& folder, const std::string& prefix) {
  return !shards(folder, prefix).empty();
}

std::vector<std::string> record_files(const std::string& path, const std::string& prefix) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files = shards(path, prefix);
  if (files.empty()) checkpoint::fail(path, "holds no " + prefix + "*.safetensors");
  return files;
}

}  // namespace lumina::training
