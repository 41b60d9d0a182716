#include "checkpoint/safetensors.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include "checkpoint/extents.h"
#include "checkpoint/foreign_file.h"
#include "checkpoint/json_text.h"
#include "checkpoint/messages.h"

namespace lumina::checkpoint {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // the format's own limit

std::optional<DType> dtype_from(const std::string& name) {
  for (const DType dtype :
       {DType::kFloat64, DType::kFloat32, DType::kFloat16, DType::kBFloat16, DType::kInt64,
        DType::kInt32, DType::kInt16, DType::kInt8, DType::kUInt8, DType::kBool}) {
    if (name == dtype_name(dtype)) return dtype;
  }
  return std::nullopt;
}

// One entry of the header; `begin` and `end` count bytes from the start of the data.
struct Entry {
  std::string name;
  TensorView view;
  std::string unreadable;  // why, if it is
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::uint64_t read_header_length(const MappedFile& file) {
  const std::string foreign = foreign_file(file.data(), file.size(), file.path());
  if (!foreign.empty()) fail(file.path(), foreign);
  if (file.size() < kLengthBytes) {
    fail(file.path(),
         "is truncated: " + std::to_string(file.size()) + " bytes, not even a header length");
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::uint64_t{file.data()[i]} << (8 * i);
  }
  if (length > kMaxHeaderBytes) {
    fail(file.path(), "header length " + std::to_string(length) +
                          " is absurd (at most 100000000); not a safetensors file?");
  }
  if (length > file.size() - kLengthBytes) {
    fail(file.path(), "header length " + std::to_string(length) + " is beyond the file of " +
                          std::to_string(file.size()) + " bytes");
  }
  return length;
}

Json parse_header(const MappedFile& file, std::uint64_t length) {
  const char* text = reinterpret_cast<const char*>(file.data()) + kLengthBytes;
  return parse_json_object(text, text + length, file.path(), "header");
}

std::string parse_dtype(const Json& info, const std::string& tensor, const std::string& file) {
  const auto found = info.find("dtype");
  if (found == info.end() || !found->is_string()) fail(file, tensor + " has no dtype");
  return found->get<std::string>();
}

std::vector<std::int64_t> parse_shape(const Json& info, const std::string& tensor,
                                      const std::string& file) {
  const auto found = info.find("shape");
  if (found == info.end() || !found->is_array()) fail(file, tensor + " has no shape");
  if (found->size() > kMaxRank) fail(file, tensor + " has too many dimensions");
  std::vector<std::int64_t> shape;
  for (const auto& item : *found) {
    std::int64_t extent;
    if (!to_int64(item, &extent)) {
      fail(file, tensor + " has a size that is not a 64-bit integer");
    }
    if (extent < 0) fail(file, tensor + " has the negative size " + std::to_string(extent));
    shape.push_back(extent);
  }
  return shape;
}

void parse_offsets(const Json& info, const std::string& tensor, const std::string& file,
                   Entry* entry) {
  const auto found = info.find("data_offsets");
  std::int64_t begin;
  std::int64_t end;
  if (found == info.end() || !found->is_array() || found->size() != 2 ||
      !to_int64((*found)[0], &begin) || !to_int64((*found)[1], &end) || begin < 0 || end < begin) {
    fail(file, tensor + " has no valid data_offsets [begin, end]");
  }
  entry->begin = static_cast<std::uint64_t>(begin);
  entry->end = static_cast<std::uint64_t>(end);
}

void check_end(const Entry& entry, std::uint64_t available, const std::string& file) {
  if (entry.end <= available) return;
  fail(file, "tensor " + quoted(entry.name) + " ends at byte " + std::to_string(entry.end) +
                 " of the data, which has only " + std::to_string(available) +
                 " bytes; the file is truncated or damaged");
}

Entry parse_entry(const std::string& name, const Json& info,
                  const std::shared_ptr<const MappedFile>& file, std::uint64_t data_start) {
  const std::string& path = file->path();
  const std::string tensor = "tensor " + quoted(name);
  if (!info.is_object()) fail(path, tensor + " is not described by an object");
  Entry entry;
  entry.name = name;
  TensorView& view = entry.view;
  const std::string dtype_text = parse_dtype(info, tensor, path);
  const auto dtype = dtype_from(dtype_text);
  view.shape = parse_shape(info, tensor, path);
  parse_offsets(info, tensor, path, &entry);
  if (!dtype) {
    entry.unreadable = "has dtype " + quoted(dtype_text) + ", which is not supported";
    check_end(entry, file->size() - data_start, path);
    return entry;
  }
  view.dtype = *dtype;

  const auto size = static_cast<std::int64_t>(element_size(view.dtype));
  const auto numel = checked_numel(view.shape);
  std::int64_t bytes;
  if (!numel || __builtin_mul_overflow(*numel, size, &bytes)) {
    fail(path, tensor + " has the absurd shape " + shape_text(view.shape));
  }
  check_end(entry, file->size() - data_start, path);
  if (entry.end - entry.begin != static_cast<std::uint64_t>(bytes)) {
    fail(path, tensor + " of shape " + shape_text(view.shape) + " and dtype " +
                   dtype_name(view.dtype) + " needs " + std::to_string(bytes) +
                   " bytes, but its data_offsets span " + std::to_string(entry.end - entry.begin));
  }
  view.strides = row_major_strides(view.shape);
  view.data = file->data() + data_start + entry.begin;
  view.owner = file;
  view.mapped = true;
  view.file = path;
  return entry;
}

void check_metadata(const Json& metadata, const std::string& file) {
  const auto is_text = [](const Json& value) { return value.is_string(); };
  if (!metadata.is_object() || !std::all_of(metadata.begin(), metadata.end(), is_text)) {
    fail(file, "__metadata__ is not a map of texts");
  }
}

// The data must be covered exactly: a byte that two tensors share, or that none has, means damage.
void check_cover(std::vector<Entry>& entries, std::uint64_t data_bytes, const std::string& file) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t covered = 0;
  const Entry* last = nullptr;
  for (const Entry& entry : entries) {
    if (entry.begin < covered) {
      fail(file, "tensors " + quoted(last->name) + " and " + quoted(entry.name) +
                     " overlap in their data_offsets");
    }
    if (entry.begin > covered) {
      fail(file, "bytes " + std::to_string(covered) + " to " + std::to_string(entry.begin) +
                     " of the data belong to no tensor");
    }
    covered = entry.end;
    last = &entry;
  }
  if (covered < data_bytes) {
    fail(file,
         std::to_string(data_bytes - covered) + " bytes after the last tensor belong to none");
  }
}

}  // namespace

TensorMap read_safetensors(const std::shared_ptr<const MappedFile>& file,
                           UnreadableTensors* unreadable) {
  const std::uint64_t length = read_header_length(*file);
  const Json header = parse_header(*file, length);
  const std::uint64_t data_start = kLengthBytes + length;

  std::vector<Entry> entries;
  for (const auto& [name, info] : header.items()) {
    if (name == "__metadata__") {
      check_metadata(info, file->path());
    } else {
      entries.push_back(parse_entry(name, info, file, data_start));
    }
  }
  check_cover(entries, file->size() - data_start, file->path());
  TensorMap tensors;
  for (auto& entry : entries) {
    if (entry.unreadable.empty()) {
      tensors.emplace(std::move(entry.name), std::move(entry.view));
    } else if (unreadable != nullptr) {
      unreadable->emplace(std::move(entry.name), std::move(entry.unreadable));
    } else {
      fail(file->path(), "tensor " + checkpoint::quoted(entry.name) + " " + entry.unreadable);
    }
  }
  return tensors;
}

std::map<std::string, std::string> read_safetensors_metadata(
    const std::shared_ptr<const MappedFile>& file) {
  const Json header = parse_header(*file, read_header_length(*file));
  const auto found = header.find("__metadata__");
  if (found == header.end()) return {};
  check_metadata(*found, file->path());
  return found->get<std::map<std::string, std::string>>();
}

}  // namespace lumina::checkpoint
