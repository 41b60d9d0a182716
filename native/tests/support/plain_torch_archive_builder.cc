#include "support/safetensors_bytes.h"
#include "support/torch_archive_builder.h"

namespace lumina::testing {
namespace {

constexpr std::uint64_t kSaturated32 = 0xffffffff;

}  // namespace

ZipBuilder& ZipBuilder::add(const std::string& name, const std::string& data) {
  const std::uint64_t offset = bytes_.size();
  const std::size_t unpadded = offset + 30 + name.size() + 4;
  const std::size_t padding = (options_.align - unpadded % options_.align) % options_.align;
  const std::uint64_t stated = options_.data_after ? 0 : data.size();
  bytes_ += "PK\x03\x04" + little_endian(0, 2) + little_endian(options_.data_after ? 8 : 0, 2) +
            little_endian(0, 2) + little_endian(0, 8) + little_endian(stated, 4) +
            little_endian(stated, 4) + little_endian(name.size(), 2) +
            little_endian(4 + padding, 2) + name;
  bytes_ += "FB" + little_endian(padding, 2) + std::string(padding, 'Z') + data;
  if (options_.data_after) {
    bytes_ += "PK\x07\x08" + little_endian(0, 4) + little_endian(data.size(), 4) +
              little_endian(data.size(), 4);
  }
  entries_.push_back({name, data.size(), offset});
  return *this;
}

std::string ZipBuilder::central_header(const Entry& entry) const {
  std::string extra;
  std::uint64_t size = entry.size;
  std::uint64_t offset = entry.offset;
  if (options_.zip64) {
    extra = little_endian(1, 2) + little_endian(24, 2) + little_endian(size, 8) +
            little_endian(size, 8) + little_endian(offset, 8);
    size = offset = kSaturated32;
  }
  return "PK\x01\x02" + little_endian(0, 4) + little_endian(flags, 2) + little_endian(method, 2) +
         little_endian(0, 8) + little_endian(size, 4) + little_endian(size, 4) +
         little_endian(entry.name.size(), 2) + little_endian(extra.size(), 2) +
         little_endian(0, 2) + little_endian(0, 2) + little_endian(0, 2) + little_endian(0, 4) +
         little_endian(offset, 4) + entry.name + extra;
}

std::string ZipBuilder::build() const {
  std::string bytes = bytes_;
  const std::uint64_t start = bytes.size();
  for (const auto& entry : entries_) bytes += central_header(entry);
  const std::uint64_t size = bytes.size() - start;
  const std::uint64_t count = entries_.size();
  if (options_.zip64) {
    const std::uint64_t record = bytes.size();
    bytes += "PK\x06\x06" + little_endian(44, 8) + little_endian(0, 4) + little_endian(0, 8) +
             little_endian(count, 8) + little_endian(count, 8) + little_endian(size, 8) +
             little_endian(start, 8);
    bytes += "PK\x06\x07" + little_endian(0, 4) + little_endian(record, 8) + little_endian(1, 4);
    return bytes + "PK\x05\x06" + little_endian(0, 4) + little_endian(0xffff, 2) +
           little_endian(0xffff, 2) + little_endian(kSaturated32, 4) +
           little_endian(kSaturated32, 4) + little_endian(0, 2);
  }
  return bytes + "PK\x05\x06" + little_endian(0, 4) + little_endian(count, 2) +
         little_endian(count, 2) + little_endian(size, 4) + little_endian(start, 4) +
         little_endian(0, 2);
}

PickleBuilder& PickleBuilder::raw(const std::string& bytes) {
  bytes_ += bytes;
  return *this;
}

PickleBuilder& PickleBuilder::global(const std::string& module, const std::string& name) {
  return raw("c" + module + "\n" + name + "\n");
}

PickleBuilder& PickleBuilder::text(const std::string& value) {
  return raw("X" + little_endian(value.size(), 4) + value);
}

PickleBuilder& PickleBuilder::integer(std::int64_t value) {
  if (value >= 0 && value < 256) return raw("K" + little_endian(value, 1));
  if (value >= 0 && value < 65536) return raw("M" + little_endian(value, 2));
  if (value >= INT32_MIN && value <= INT32_MAX) return raw("J" + little_endian(value, 4));
  return raw("\x8a\x08" + little_endian(value, 8));
}

PickleBuilder& PickleBuilder::integers(const std::vector<std::int64_t>& values) {
  raw("(");
  for (const auto value : values) integer(value);
  return raw("t");
}

PickleBuilder& PickleBuilder::begin_ordered_dict() {
  return global("collections", "OrderedDict").raw(")R(");
}

PickleBuilder& PickleBuilder::tensor(const std::string& storage, const std::string& key,
                                     std::int64_t numel, std::int64_t offset,
                                     const std::vector<std::int64_t>& shape,
                                     const std::vector<std::int64_t>& strides) {
  global("torch._utils", "_rebuild_tensor_v2").raw("((").text("storage");
  global("torch", storage).text(key).text("cpu").integer(numel).raw("tQ");
  integer(offset).integers(shape).integers(strides).raw("\x89");
  return global("collections", "OrderedDict").raw(")RtR");
}

}  // namespace lumina::testing
