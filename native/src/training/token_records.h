// Pre-tokenised examples (docs/spec/model.md 9.2): token ids, and for each whether it is learned.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/tensor.h"
#include "training/record_listing.h"

namespace lumina::training {

constexpr std::int32_t kNoLabel = -100;

struct TokenRecord {
  const std::int32_t* tokens = nullptr;
  const std::int32_t* labels = nullptr;  // the token itself, or kNoLabel
  std::int64_t length = 0;
  std::shared_ptr<const void> owner = nullptr;  // of both; null: the TokenRecords
};

// Records of one file or of a folder:
//   .safetensors         `tokens` and `labels` int32 [total], `offsets` int64 [n + 1]
//   .jsonl, .json, .pkl  items, or the names of pickled ones (record_listing.h)
// Of a folder, its files `records-*.safetensors` in order of name; or else what pre_tokenize.py
// leaves: `*-record.jsonl`, `record.json`, or `*.pkl`, these by number.
class TokenRecords {
 public:
  // Reads everything once. Throws Error(kCheckpoint) for files that are none of these, labels that
  // are neither their token nor -100, ids outside 0 .. vocabulary - 1, or a record without any
  // label.
  TokenRecords(const std::string& path, std::int64_t vocabulary);

  std::int64_t count() const { return static_cast<std::int64_t>(records_.size()); }
  std::int64_t length(std::int64_t index) const { return records_[index].record.length; }
  // Pickled files are read again; throws Error(kCheckpoint) if they are not what they were.
  TokenRecord operator[](std::int64_t index) const;

 private:
  struct Entry {
    TokenRecord record;  // of a pickled file, the length alone
    std::string file;    // a pickled file; empty for others
  };

  void add_safetensors(const std::string& path, std::int64_t vocabulary);
  void add_listing(const std::string& path, std::int64_t vocabulary);

  std::vector<Entry> records_;
};

}  // namespace lumina::training
