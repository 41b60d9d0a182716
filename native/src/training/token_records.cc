#include "training/token_records.h"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include "checkpoint/messages.h"
#include "checkpoint/safetensors.h"
#include "training/record_files.h"

namespace lumina::training {
namespace {

namespace fs = std::filesystem;

// "12" of "12.pkl" and "12-of-16-record.jsonl" as 12; files without a number come last.
std::int64_t number_of(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  return digits == 0 || digits > 18 ? std::numeric_limits<std::int64_t>::max()
                                    : std::stoll(name.substr(0, digits));
}

bool ends_with(const std::string& text, const std::string& tail) {
  return text.size() >= tail.size() &&
         text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

// Files of a folder whose names end that way, by number and name.
std::vector<std::string> files_ending(const std::string& folder, const std::string& tail) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (ends_with(entry->path().filename().string(), tail)) found.push_back(entry->path());
  }
  if (error) checkpoint::fail(folder, "cannot be read: " + error.message());
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair(number_of(a), a) < std::pair(number_of(b), b);
  });
  std::vector<std::string> files;
  for (const auto& path : found) files.push_back(path.string());
  return files;
}

std::vector<std::string> token_record_files(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  if (!has_record_files(path, "records-")) {
    for (const char* tail : {"-record.jsonl", "record.json", ".pkl"}) {
      auto files = files_ending(path, tail);
      if (!files.empty()) return files;
    }
  }
  return record_files(path, "records-");
}

const checkpoint::TensorView& find(const checkpoint::TensorMap& tensors, const std::string& name,
                                   checkpoint::DType dtype, const std::string& path) {
  const auto found = tensors.find(name);
  if (found == tensors.end() || found->second.dtype != dtype || found->second.shape.size() != 1) {
    checkpoint::fail(path, "no token records: needs `" + name + "`, " +
                               checkpoint::dtype_name(dtype) + " of one dimension");
  }
  return found->second;
}

void check(const TokenRecord& record, std::int64_t vocabulary, const std::string& path,
           const std::string& name) {
  const auto fail = [&](const std::string& reason) { checkpoint::fail(path, name + " " + reason); };
  bool labelled = false;
  for (std::int64_t i = 0; i < record.length; ++i) {
    const std::int32_t token = record.tokens[i], label = record.labels[i];
    if (token < 0 || token >= vocabulary) {
      fail("has token " + std::to_string(token) + ", outside the vocabulary of " +
           std::to_string(vocabulary));
    }
    if (label != kNoLabel && label != token) {
      fail("has a label that is neither its token nor -100, at " + std::to_string(i));
    }
    labelled = labelled || (label != kNoLabel && i > 0);
  }
  if (!labelled) fail("has no label, so nothing can be learned from it");
}

TokenRecord record_of(const std::shared_ptr<const RecordTokens>& content) {
  return {content->tokens.data(), content->labels.data(),
          static_cast<std::int64_t>(content->tokens.size()), content};
}

}  // namespace

TokenRecords::TokenRecords(const std::string& path, std::int64_t vocabulary) {
  for (const std::string& file : token_record_files(path)) {
    const std::string extension = fs::path(file).extension().string();
    if (is_record_listing(file)) {
      add_listing(file, vocabulary);
    } else if (extension == ".yaml" || extension == ".yml") {
      checkpoint::fail(file, "is a list of sources, which `lumina finetune --data` takes");
    } else if (extension == ".pth" || extension == ".pt") {
      checkpoint::fail(file,
                       "is a list by torch.save; write it as JSON: "
                       "json.dump(torch.load(path), open(\"record.json\", \"w\"))");
    } else {
      add_safetensors(file, vocabulary);
    }
  }
  if (records_.empty()) checkpoint::fail(path, "holds no record");
}

void TokenRecords::add_safetensors(const std::string& path, std::int64_t vocabulary) {
  const auto tensors = checkpoint::read_safetensors(checkpoint::MappedFile::open(path));
  const auto tokens = checkpoint::aligned(find(tensors, "tokens", checkpoint::DType::kInt32, path));
  const auto labels = checkpoint::aligned(find(tensors, "labels", checkpoint::DType::kInt32, path));
  const auto offsets =
      checkpoint::aligned(find(tensors, "offsets", checkpoint::DType::kInt64, path));
  const auto* offset = static_cast<const std::int64_t*>(offsets.data);
  const std::int64_t total = tokens.shape[0], records = offsets.shape[0] - 1;
  if (labels.shape[0] != total || records < 0 || offset[0] != 0 || offset[records] != total ||
      !std::is_sorted(offset, offset + records + 1)) {
    checkpoint::fail(path, "its tokens, labels and offsets do not fit together");
  }
  // Both owners in one.
  const auto owner =
      std::make_shared<std::pair<std::shared_ptr<const void>, std::shared_ptr<const void>>>(
          tokens.owner, labels.owner);
  for (std::int64_t i = 0; i < records; ++i) {
    records_.push_back({{static_cast<const std::int32_t*>(tokens.data) + offset[i],
                         static_cast<const std::int32_t*>(labels.data) + offset[i],
                         offset[i + 1] - offset[i], owner},
                        ""});
    check(records_.back().record, vocabulary, path, "record " + std::to_string(i));
  }
}

void TokenRecords::add_listing(const std::string& path, std::int64_t vocabulary) {
  for (auto& listed : read_listing(path)) {
    const auto content =
        listed.content != nullptr ? listed.content : read_pickled_record(listed.file);
    const TokenRecord record = record_of(content);
    check(record, vocabulary, path, listed.name);
    if (listed.content != nullptr) {
      records_.push_back({record, ""});
    } else {
      records_.push_back({{nullptr, nullptr, record.length}, std::move(listed.file)});
    }
  }
}

TokenRecord TokenRecords::operator[](std::int64_t index) const {
  const Entry& entry = records_[index];
  if (entry.file.empty()) return entry.record;
  const TokenRecord record = record_of(read_pickled_record(entry.file));
  if (record.length != entry.record.length) {
    checkpoint::fail(entry.file, "has changed since the training began");
  }
  return record;
}

}  // namespace lumina::training
