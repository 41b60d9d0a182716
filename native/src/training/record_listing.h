// Token records as Python programs keep them: items {"token": [..], "label": [..]}, or {"file": ..}
// that name a pickle of one, in JSON lines, a JSON list or a pickled list. It is what the
// reference's pre_tokenize.py and concat_record.py write.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace lumina::training {

struct RecordTokens {
  std::vector<std::int32_t> tokens;
  std::vector<std::int32_t> labels;  // as many
};

struct ListedRecord {
  std::shared_ptr<const RecordTokens> content;  // null: in `file`
  std::string file;                             // a pickle of one item, which exists
  std::string name;                             // for messages: "line 3", "item 2 (files/2.pkl)"
};

// True for the extensions .jsonl, .json and .pkl.
bool is_record_listing(const std::string& path);

// All items of a listing, in its order; a pickle of one item is a listing of that one. Files are
// looked for as they are named from the listing's folder, then by ever fewer of their last folders
// from there, since the reference names them from where it ran, and last from the working folder.
// Throws Error(kCheckpoint) naming the item.
std::vector<ListedRecord> read_listing(const std::string& path);

// The item in a pickle. Throws Error(kCheckpoint) with `path`.
std::shared_ptr<const RecordTokens> read_pickled_record(const std::string& path);

}  // namespace lumina::training
