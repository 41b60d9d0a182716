// Pre-tokenised examples (spec/model.md 9.2): token ids, and for each whether it is learned.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"

namespace lumina::training {

constexpr std::int32_t kNoLabel = -100;

struct TokenRecord {
  const std::int32_t* tokens = nullptr;
  const std::int32_t* labels = nullptr;  // the token itself, or kNoLabel
  std::int64_t length = 0;
};

// Records of one file or of a folder's files `records-*.safetensors` in order of name:
//   .safetensors  `tokens` and `labels` int32 [total], `offsets` int64 [n + 1]
//   .jsonl        one object a line: {"token": [..], "label": [..], ...}
class TokenRecords {
 public:
  // Throws Error(kCheckpoint) for files that are none of these, labels that are neither their token
  // nor -100, ids outside 0 .. vocabulary - 1, or a record without any label.
  TokenRecords(const std::string& path, std::int64_t vocabulary);

  std::int64_t count() const { return static_cast<std::int64_t>(records_.size()); }
  const TokenRecord& operator[](std::int64_t index) const { return records_[index]; }

 private:
  void add_safetensors(const std::string& path);
  void add_json_lines(const std::string& path);

  std::vector<TokenRecord> records_;
  std::vector<std::shared_ptr<const void>> owners_;  // of what the records point into
};

}  // namespace lumina::training
