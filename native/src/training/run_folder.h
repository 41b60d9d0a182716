// The folder of one training run:
//
//   run.json                what the run was begun with
//   log.jsonl               one JSON object per update
//   step-00000500/          a complete model folder, and training-state.safetensors to go on from
//   final/                  the model at the end
//
// Folders are written under a temporary name and moved into place, so each is whole or absent.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace lumina::training {

class RunFolder {
 public:
  // Makes the folder, or reopens one that was begun with the same options: every key of `options`
  // but those in kMayChange. Throws Error(kInvalidArgument) if they differ, with the first key that
  // does, or if the folder holds something else; Error(kIo).
  RunFolder(std::string path, const nlohmann::json& options);

  // The updates that the newest checkpoint has behind it, and its folder.
  struct Checkpoint {
    std::int64_t step = 0;
    std::string path;
  };
  std::optional<Checkpoint> newest() const;

  // Drops log lines of updates from `step` on, which a resumed run will write again.
  void rewind_log(std::int64_t step);
  void log(const nlohmann::json& line);

  // `write` fills the folder that it is given. Afterwards only the newest `keep` checkpoints stay.
  void save_checkpoint(std::int64_t step, int keep,
                       const std::function<void(const std::string& folder)>& write);
  // Replaces an earlier one.
  std::string save_final(const std::function<void(const std::string& folder)>& write);
  // The folder of the final model, if the run has come to it.
  std::optional<std::string> final_model() const;

  static constexpr const char* kStateFile = "/training-state.safetensors";

 private:
  std::string path_;
};

}  // namespace lumina::training
