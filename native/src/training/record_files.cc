#include "training/record_files.h"

#include <algorithm>
#include <filesystem>

#include "checkpoint/messages.h"

namespace lumina::training {

std::vector<std::string> record_files(const std::string& path, const std::string& prefix) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(prefix, 0) == 0 && entry.path().extension() == ".safetensors") {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) checkpoint::fail(path, "holds no " + prefix + "*.safetensors");
  return files;
}

}  // namespace lumina::training
