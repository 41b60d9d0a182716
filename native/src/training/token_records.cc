#include "training/token_records.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "checkpoint/messages.h"
#include "checkpoint/safetensors.h"
#include "training/record_files.h"

namespace lumina::training {
namespace {

bool is_json_lines(const std::string& path) {
  return std::filesystem::path(path).extension() == ".jsonl";
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
           std::int64_t index) {
  const auto fail = [&](const std::string& reason) {
    checkpoint::fail(path, "record " + std::to_string(index) + " " + reason);
  };
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

}  // namespace

TokenRecords::TokenRecords(const std::string& path, std::int64_t vocabulary) {
  for (const std::string& file : record_files(path, "records-")) {
    const std::int64_t first = count();
    is_json_lines(file) ? add_json_lines(file) : add_safetensors(file);
    for (std::int64_t i = first; i < count(); ++i) check(records_[i], vocabulary, file, i - first);
  }
  if (records_.empty()) checkpoint::fail(path, "holds no record");
}

void TokenRecords::add_safetensors(const std::string& path) {
  const auto tensors = checkpoint::read_safetensors(checkpoint::MappedFile::open(path));
  const auto& tokens = find(tensors, "tokens", checkpoint::DType::kInt32, path);
  const auto& labels = find(tensors, "labels", checkpoint::DType::kInt32, path);
  const auto& offsets = find(tensors, "offsets", checkpoint::DType::kInt64, path);
  const auto* offset = static_cast<const std::int64_t*>(offsets.data);
  const std::int64_t total = tokens.shape[0], records = offsets.shape[0] - 1;
  if (labels.shape[0] != total || records < 0 || offset[0] != 0 || offset[records] != total ||
      !std::is_sorted(offset, offset + records + 1)) {
    checkpoint::fail(path, "its tokens, labels and offsets do not fit together");
  }
  for (std::int64_t i = 0; i < records; ++i) {
    records_.push_back({static_cast<const std::int32_t*>(tokens.data) + offset[i],
                        static_cast<const std::int32_t*>(labels.data) + offset[i],
                        offset[i + 1] - offset[i]});
  }
  owners_.push_back(tokens.owner);
}

void TokenRecords::add_json_lines(const std::string& path) {
  std::ifstream in(path);
  if (!in) checkpoint::fail(path, "cannot be read");
  std::int64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      const auto object = nlohmann::json::parse(line);
      auto both =
          std::make_shared<std::pair<std::vector<std::int32_t>, std::vector<std::int32_t>>>();
      both->first = object.at("token").get<std::vector<std::int32_t>>();
      both->second = object.at("label").get<std::vector<std::int32_t>>();
      if (both->first.size() != both->second.size()) {
        checkpoint::fail(path,
                         "line " + std::to_string(number) + " has not as many labels as tokens");
      }
      records_.push_back(
          {both->first.data(), both->second.data(), static_cast<std::int64_t>(both->first.size())});
      owners_.push_back(std::move(both));
    } catch (const nlohmann::json::exception&) {
      checkpoint::fail(path, "line " + std::to_string(number) +
                                 " is no object with the integers `token` and `label`");
    }
  }
}

}  // namespace lumina::training
