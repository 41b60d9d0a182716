#include "training/run_folder.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>
#include <vector>

#include "checkpoint/atomic_file.h"
#include "lumina/status.h"

namespace lumina::training {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> kMayChange = {"threads", "save_every", "keep", "validate_every",
                                          "max_seconds"};
const std::string kPrefix = "step-";

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  throw Error(ErrorCode::kIo, path + ": " + reason);
}

// ": No space left on device", after a stream has failed.
std::string reason() { return errno == 0 ? "" : ": " + std::generic_category().message(errno); }

std::string read_text(const std::string& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) fail(path, "cannot be read" + reason());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void check_same(const std::string& path, const nlohmann::json& begun, const nlohmann::json& now) {
  for (const auto& [key, value] : now.items()) {
    if (kMayChange.count(key) > 0 || (begun.contains(key) && begun[key] == value)) continue;
    throw Error(ErrorCode::kInvalidArgument,
                path + ": was begun with " + key + " = " +
                    (begun.contains(key) ? begun[key].dump() : "nothing") + ", not " +
                    value.dump() + "; choose another output folder or the same options");
  }
}

std::string step_name(std::int64_t step) {
  const std::string digits = std::to_string(step);
  return kPrefix + std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
}

// All checkpoints, oldest first.
std::vector<RunFolder::Checkpoint> checkpoints(const std::string& path) {
  std::vector<RunFolder::Checkpoint> found;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || name.rfind(kPrefix, 0) != 0) continue;
    const std::string digits = name.substr(kPrefix.size());
    if (digits.empty() || digits.size() > 18 ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    found.push_back({std::stoll(digits), entry.path().string()});
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.step < b.step; });
  return found;
}

// Builds a folder beside `target` and moves it there; what was there goes after the move's place is
// free, so a killed process loses at most a copy.
void write_folder(const std::string& target, const std::function<void(const std::string&)>& write) {
  const std::string temporary = checkpoint::temporary_name(target);
  std::error_code ignored;
  try {
    fs::create_directory(temporary);
    write(temporary);
    if (fs::exists(target)) {
      const std::string old = checkpoint::temporary_name(target);
      fs::rename(target, old);
      fs::rename(temporary, target);
      fs::remove_all(old);
    } else {
      fs::rename(temporary, target);
    }
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(temporary, ignored);
    fail(target, "cannot be written: " + error.code().message());
  } catch (...) {
    fs::remove_all(temporary, ignored);
    throw;
  }
}

}  // namespace

RunFolder::RunFolder(std::string path, const nlohmann::json& options) : path_(std::move(path)) {
  const std::string description = path_ + "/run.json";
  std::error_code error;
  if (fs::exists(description, error)) {
    const auto begun = nlohmann::json::parse(read_text(description), nullptr, false);
    if (!begun.is_object()) fail(description, "is damaged");
    check_same(path_, begun, options);
    // What a killed process left half-written.
    for (const auto& entry : fs::directory_iterator(path_)) {
      if (entry.path().filename().string().find(".tmp-") != std::string::npos) {
        fs::remove_all(entry.path(), error);
      }
    }
    return;
  }
  if (fs::exists(path_, error) && !fs::is_empty(path_, error)) {
    throw Error(ErrorCode::kInvalidArgument,
                path_ + ": exists and is no training run; choose another output folder");
  }
  fs::create_directories(path_, error);
  if (error) fail(path_, "cannot be made: " + error.message());
  checkpoint::write_text_file(description, options.dump(2) + "\n");
}

std::optional<RunFolder::Checkpoint> RunFolder::newest() const {
  const auto found = checkpoints(path_);
  if (found.empty()) return std::nullopt;
  return found.back();
}

void RunFolder::rewind_log(std::int64_t step) {
  const std::string path = path_ + "/log.jsonl";
  std::error_code error;
  if (!fs::exists(path, error)) return;
  std::ifstream in(path);
  std::string kept;
  for (std::string line; std::getline(in, line);) {
    const auto entry = nlohmann::json::parse(line, nullptr, false);
    // A line that a killed process cut short is of a step that comes again.
    if (entry.is_object() && entry.value("step", step) < step) kept += line + "\n";
  }
  checkpoint::write_text_file(path, kept);
}

void RunFolder::log(const nlohmann::json& line) {
  errno = 0;  // streams say that they failed, and errno why
  std::ofstream out(path_ + "/log.jsonl", std::ios::app);
  out << line.dump() << '\n';
  out.flush();
  if (!out) fail(path_ + "/log.jsonl", "cannot be written" + reason());
}

void RunFolder::save_checkpoint(std::int64_t step, int keep,
                                const std::function<void(const std::string&)>& write) {
  write_folder(path_ + "/" + step_name(step), write);
  auto found = checkpoints(path_);
  std::error_code ignored;
  while (static_cast<int>(found.size()) > keep) {
    fs::remove_all(found.front().path, ignored);
    found.erase(found.begin());
  }
}

std::string RunFolder::save_final(const std::function<void(const std::string&)>& write) {
  const std::string target = path_ + "/final";
  write_folder(target, write);
  return target;
}

std::optional<std::string> RunFolder::final_model() const {
  std::error_code error;
  const std::string path = path_ + "/final";
  if (!fs::is_directory(path, error)) return std::nullopt;
  return path;
}

}  // namespace lumina::training
