// The safetensors reader: what it accepts, and every kind of damage with its message.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "checkpoint/weight_set.h"
#include "support/expect_error.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::expect_error;
using lumina::testing::little_endian;
using lumina::testing::raw_bytes;
using lumina::testing::safetensors_bytes;
using lumina::testing::TemporaryFolder;

class SafetensorsTest : public ::testing::Test {
 protected:
  // Opens a file of these bytes.
  WeightSet open(const std::string& bytes) {
    return WeightSet::open(folder_.write("w.safetensors", bytes));
  }

  // The file must be refused with `text` after its name.
  void expect_refused(const std::string& bytes, const std::string& text) {
    expect_error(ErrorCode::kCheckpoint, folder_.path("w.safetensors") + ": " + text,
                 [&] { open(bytes); });
  }

  void expect_header_refused(const std::string& header, const std::string& data,
                             const std::string& text) {
    expect_refused(safetensors_bytes(header, data), text);
  }

  TemporaryFolder folder_;
};

const char* const kTwoTensors = R"({"__metadata__":{"format":"pt"},)"
                                R"("a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                                R"("b":{"dtype":"I64","shape":[],"data_offsets":[24,32]}})";

std::string two_tensors() {
  return safetensors_bytes(kTwoTensors,
                           raw_bytes<float>({0, 1, 2, 3, 4, 5}) + raw_bytes<std::int64_t>({-7}));
}

TEST_F(SafetensorsTest, reads_names_shapes_strides_and_values) {
  const WeightSet set = open(two_tensors());
  ASSERT_EQ(set.tensors().size(), 2u);
  const TensorView& a = set.get("a");
  EXPECT_EQ(a.dtype, DType::kFloat32);
  EXPECT_EQ(a.shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(a.strides, (std::vector<std::int64_t>{3, 1}));
  EXPECT_TRUE(a.contiguous());
  EXPECT_EQ(static_cast<const float*>(a.data)[5], 5.0f);
  EXPECT_EQ(a.file, folder_.path("w.safetensors"));
  EXPECT_EQ(set.get("b").numel(), 1);
  EXPECT_EQ(*static_cast<const std::int64_t*>(set.get("b").data), -7);
}

TEST_F(SafetensorsTest, view_outlives_the_set_and_the_file_name) {
  TensorView view;
  {
    const WeightSet set = open(two_tensors());
    view = set.get("a");
  }
  std::filesystem::remove(folder_.path("w.safetensors"));
  EXPECT_EQ(static_cast<const float*>(view.data)[4], 4.0f);
}

TEST_F(SafetensorsTest, knows_every_element_type) {
  const struct {
    const char* name;
    DType dtype;
    std::size_t size;
    bool floating;
  } kTypes[] = {{"F64", DType::kFloat64, 8, true}, {"F32", DType::kFloat32, 4, true},
                {"F16", DType::kFloat16, 2, true}, {"BF16", DType::kBFloat16, 2, true},
                {"I64", DType::kInt64, 8, false},  {"I32", DType::kInt32, 4, false},
                {"I16", DType::kInt16, 2, false},  {"I8", DType::kInt8, 1, false},
                {"U8", DType::kUInt8, 1, false},   {"BOOL", DType::kBool, 1, false}};
  for (const auto& type : kTypes) {
    const std::string end = std::to_string(3 * type.size);
    const std::string header = std::string(R"({"x":{"dtype":")") + type.name +
                               R"(","shape":[3],"data_offsets":[0,)" + end + "]}}";
    const WeightSet set = open(safetensors_bytes(header, std::string(3 * type.size, '\1')));
    EXPECT_EQ(set.get("x").dtype, type.dtype) << type.name;
    EXPECT_EQ(element_size(type.dtype), type.size) << type.name;
    EXPECT_EQ(is_floating(type.dtype), type.floating) << type.name;
    EXPECT_STREQ(dtype_name(type.dtype), type.name);
  }
}

TEST_F(SafetensorsTest, reads_empty_tensors_and_empty_files_of_tensors) {
  EXPECT_EQ(open(safetensors_bytes("{}", "")).tensors().size(), 0u);
  const WeightSet set =
      open(safetensors_bytes(R"({"x":{"dtype":"F32","shape":[4,0],"data_offsets":[0,0]}})", ""));
  EXPECT_EQ(set.get("x").numel(), 0);
}

TEST_F(SafetensorsTest, passes_over_other_dtypes_until_they_are_needed) {
  const WeightSet set =
      open(safetensors_bytes(R"({"x":{"dtype":"F4","shape":[2],"data_offsets":[0,1]},)"
                             R"("y":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
                             "12"));
  EXPECT_EQ(set.tensors().size(), 1u);
  const std::string text = R"(tensor "x" has dtype "F4", which is not supported)";
  expect_error(ErrorCode::kCheckpoint, text, [&] { set.get("x"); });
  expect_error(ErrorCode::kCheckpoint, text, [&] {
    set.require({{"x", {2}}}, [](const std::string&) { return true; });
  });
  expect_header_refused(R"({"x":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}})", "",
                        R"(tensor "x" ends at byte 1 of the data, which has only 0 bytes)");
}

TEST_F(SafetensorsTest, refuses_truncated_file) {
  const std::string whole = two_tensors();
  expect_refused(whole.substr(0, whole.size() - 1),
                 R"(tensor "b" ends at byte 32 of the data, which has only 31 bytes)");
  expect_refused(whole.substr(0, 5), "is truncated: 5 bytes, not even a header length");
}

TEST_F(SafetensorsTest, refuses_empty_file) { expect_refused("", "is empty"); }

TEST_F(SafetensorsTest, refuses_header_length_beyond_the_file) {
  expect_refused(little_endian(1000, 8) + "{}",
                 "header length 1000 is beyond the file of 10 bytes");
}

TEST_F(SafetensorsTest, refuses_absurd_header_length) {
  expect_refused(std::string(8, '\xff') + "{}", "header length 18446744073709551615 is absurd");
  expect_refused(little_endian(100'000'001, 8) + "{}", "header length 100000001 is absurd");
}

TEST_F(SafetensorsTest, refuses_header_that_is_not_json) {
  expect_header_refused("hello", "", "header is not valid JSON (at byte 1)");
  expect_header_refused("[1, 2]", "", "header is not a JSON object");
  expect_refused(little_endian(0, 8), "header is not valid JSON");
  expect_header_refused("{\"x\xff\":1}", "", "header is not valid JSON");
  expect_header_refused(R"({"x":1e999})", "", "header holds a JSON number that is out of range");
  expect_header_refused(std::string(100, '[') + std::string(100, ']'), "",
                        "header nests JSON too deeply");
}

TEST_F(SafetensorsTest, refuses_entries_of_the_wrong_kind) {
  expect_header_refused(R"({"x":3})", "", R"(tensor "x" is not described by an object)");
  expect_header_refused(R"({"x":{"shape":[],"data_offsets":[0,0]}})", "",
                        R"(tensor "x" has no dtype)");
  expect_header_refused(R"({"x":{"dtype":"U8","data_offsets":[0,0]}})", "",
                        R"(tensor "x" has no shape)");
  expect_header_refused(R"({"x":{"dtype":"U8","shape":[0]}})", "",
                        R"(tensor "x" has no valid data_offsets)");
  expect_header_refused(R"({"__metadata__":{"a":1}})", "", "__metadata__ is not a map of texts");
}

TEST_F(SafetensorsTest, refuses_overlapping_offsets) {
  expect_header_refused(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
                        R"("b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
                        "123456", R"(tensors "a" and "b" overlap in their data_offsets)");
}

TEST_F(SafetensorsTest, refuses_bytes_that_no_tensor_covers) {
  expect_header_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                        R"("b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})",
                        "123456", "bytes 2 to 4 of the data belong to no tensor");
  expect_header_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", "123456",
                        "4 bytes after the last tensor belong to none");
}

TEST_F(SafetensorsTest, refuses_offsets_out_of_range) {
  expect_header_refused(R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", "1234",
                        R"(tensor "a" ends at byte 9 of the data, which has only 4 bytes)");
  for (const char* offsets :
       {"[-1,0]", "[4,2]", "[0]", "[0,1,2]", "[0.0,4]", "\"0,4\"", "[0,18446744073709551615]"}) {
    expect_header_refused(
        std::string(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)") + offsets + "}}", "1234",
        R"(tensor "a" has no valid data_offsets)");
  }
}

TEST_F(SafetensorsTest, reads_tensors_that_are_not_aligned) {
  // A flag of two bytes before floats, and a header that is not padded.
  const std::string header = R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
                             R"("b":{"dtype":"F32","shape":[2],"data_offsets":[3,11]}})";
  const std::string data = "123" + raw_bytes<float>({1.5F, -2.0F});
  for (int blanks = 0; blanks < 4; ++blanks) {
    const std::string padded = header + std::string(blanks, ' ');
    const WeightSet set = open(little_endian(padded.size(), 8) + padded + data);
    const TensorView& stored = set.get("b");
    const TensorView b = aligned(stored);
    EXPECT_TRUE(b.aligned());
    EXPECT_EQ(b.mapped, stored.aligned()) << "only what is not aligned is copied";
    EXPECT_EQ(static_cast<const float*>(b.data)[0], 1.5F);
    EXPECT_EQ(static_cast<const float*>(b.data)[1], -2.0F);
  }
}

TEST_F(SafetensorsTest, says_what_a_file_is_that_is_no_weights) {
  expect_refused("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n",
                 "is a Git LFS pointer, not the file itself; fetch it with `git lfs pull` or "
                 "`lumina pull ORG/NAME`");
  expect_refused("\n<!DOCTYPE HTML><html>", "is a web page (HTML)");
  expect_refused("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", "is an XML document");
  expect_refused(R"({"error":"Repository not found"})",
                 R"(is a JSON document, not weights ("{\"error\":\"Repository not found\"}"))");
  expect_refused("Access denied\n", R"(is a text, not weights ("Access denied )");
  expect_refused("\x1f\x8b\x08", "is a gzip archive; unpack it first");
  expect_refused(std::string(257, 'x') + "ustar", "is a tar archive");
  expect_refused("GGUF\3", "is a GGUF file");
}

TEST_F(SafetensorsTest, names_the_model_of_a_hub_cache) {
  const std::string folder = folder_.path("models--Org--Some-Name/snapshots/1");
  std::filesystem::create_directories(folder);
  std::filesystem::create_symlink("../../blobs/gone", folder + "/model.safetensors");
  expect_error(ErrorCode::kCheckpoint, "fetch it with `lumina pull Org/Some-Name`",
               [&] { WeightSet::open(folder); });
}

TEST_F(SafetensorsTest, takes_the_prefix_of_all_names_off) {
  const std::string data = raw_bytes<float>({1, 2});
  const auto named = [&](const std::string& a, const std::string& b) {
    return folder_.write(
        "w.safetensors",
        safetensors_bytes("{\"" + a + R"(":{"dtype":"F32","shape":[1],)" +
                              R"("data_offsets":[0,4]},")" + b +
                              R"(":{"dtype":"F32","shape":[1],)" + R"("data_offsets":[4,8]}})",
                          data));
  };
  for (const std::string prefix : {"", "module.", "_orig_mod.", "model.module.", "x.y."}) {
    const WeightSet set =
        WeightSet::open(named(prefix + "enc.w", prefix + "enc.b"), {"enc.w", "dec.w"});
    EXPECT_EQ(set.tensors().size(), 2u) << prefix;
    EXPECT_EQ(*static_cast<const float*>(set.get("enc.b").data), 2.0F) << prefix;
  }
  // What compilers and FSDP put in between, and names outside the prefix.
  const WeightSet set =
      WeightSet::open(named("enc._fsdp_wrapped_module.w", "_orig_mod.enc.b"), {"enc.w"});
  EXPECT_NE(set.find("enc.w"), nullptr);
  EXPECT_NE(set.find("enc.b"), nullptr);
  EXPECT_EQ(WeightSet::open(named("a.enc.w", "b"), {"enc.w"}).tensors().size(), 1u);
  expect_error(ErrorCode::kCheckpoint, R"(holds the weights several times, under "a." and "b.")",
               [&] { WeightSet::open(named("a.enc.w", "b.enc.w"), {"enc.w"}); });
  EXPECT_NE(WeightSet::open(named("a.enc.w", "ema.enc.w"), {"enc.w"}).find("enc.w"), nullptr);
  const WeightSet other = WeightSet::open(named("unet.a", "unet.b"), {"enc.w"});
  EXPECT_EQ(other.contents(), R"("unet.a", "unet.b")");
  expect_error(ErrorCode::kCheckpoint,
               R"(has no tensor of this model, such as "enc.w"; it holds "unet.a", "unet.b")", [&] {
                 other.require({{"enc.w", {1}}}, [](const std::string&) { return false; });
               });
}

TEST_F(SafetensorsTest, refuses_size_that_shape_and_dtype_contradict) {
  expect_header_refused(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234",
                        R"(tensor "a" of shape [2] and dtype F32 needs 8 bytes, but its )"
                        "data_offsets span 4");
}

TEST_F(SafetensorsTest, refuses_negative_overflowing_and_fractional_sizes) {
  const auto header = [](const std::string& shape) {
    return R"({"a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,4]}})";
  };
  expect_header_refused(header("[-1]"), "1234", R"(tensor "a" has the negative size -1)");
  expect_header_refused(header("[4294967296,4294967296]"), "1234",
                        R"(tensor "a" has the absurd shape [4294967296, 4294967296])");
  expect_header_refused(header("[4611686018427387904]"), "1234",
                        R"(tensor "a" has the absurd shape [)");
  // A zero does not hide sizes that would overflow the strides.
  expect_header_refused(header("[0,4294967296,4294967296]"), "1234",
                        R"(tensor "a" has the absurd shape [)");
  expect_header_refused(header("[18446744073709551615]"), "1234",
                        R"(tensor "a" has a size that is not a 64-bit integer)");
  expect_header_refused(header("[1.5]"), "1234",
                        R"(tensor "a" has a size that is not a 64-bit integer)");
  expect_header_refused(header("[true]"), "1234",
                        R"(tensor "a" has a size that is not a 64-bit integer)");
  std::string many = "1";
  for (int i = 0; i < 40; ++i) many += ",1";
  expect_header_refused(header("[" + many + "]"), "1234", R"(tensor "a" has too many dimensions)");
}

TEST_F(SafetensorsTest, refuses_a_name_twice_in_one_header) {
  expect_header_refused(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                        R"("a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",
                        "1234", R"(header names "a" twice)");
  expect_header_refused(R"({"a":{"dtype":"U8","shape":[2],"shape":[4],"data_offsets":[0,4]}})",
                        "1234", R"(header names "shape" twice)");
}

TEST_F(SafetensorsTest, keeps_messages_on_one_line_whatever_the_name) {
  expect_header_refused(R"({"a\nb\u0000":{"dtype":"U8","shape":[4],"data_offsets":[0,3]}})", "1234",
                        R"(tensor "a\nb\u0000" of shape [4])");
  const std::string long_name(5000, 'n');
  try {
    open(safetensors_bytes("{\"" + long_name + "\":1}", ""));
    FAIL();
  } catch (const Error& error) {
    EXPECT_LT(std::string(error.what()).size(), 500u);
  }
}

TEST_F(SafetensorsTest, refuses_what_is_not_a_file) {
  const auto refused = [&](const std::string& name, const std::string& text) {
    const std::string path = folder_.path(name);
    expect_error(ErrorCode::kCheckpoint, path + ": " + text, [&] { WeightSet::open(path); });
  };
  refused("none.safetensors", "no such file");

  folder_.write("file", "x");
  refused("file/none.safetensors", "a part of this path is not a folder");

  std::filesystem::create_symlink("loop", folder_.path("loop"));
  refused("loop", "a loop of symbolic links");

  ASSERT_EQ(::mkfifo(folder_.path("pipe").c_str(), 0600), 0);
  refused("pipe", "is not a regular file");

  if (::geteuid() != 0) {  // root may read everything
    folder_.write("secret", "x");
    ASSERT_EQ(::chmod(folder_.path("secret").c_str(), 0), 0);
    refused("secret", "may not be read (permission denied)");
  }
}

// --- folders and shards ---

std::string one_byte_tensors(const std::vector<std::string>& names) {
  std::string header = "{";
  for (std::size_t i = 0; i < names.size(); ++i) {
    header += (i ? ",\"" : "\"") + names[i] + R"(":{"dtype":"U8","shape":[1],"data_offsets":[)" +
              std::to_string(i) + "," + std::to_string(i + 1) + "]}";
  }
  return safetensors_bytes(header + "}", std::string(names.size(), 'x'));
}

class SafetensorsFolderTest : public ::testing::Test {
 protected:
  void write_index(const std::string& weight_map) {
    folder_.write("model.safetensors.index.json",
                  R"({"metadata":{"total_size":3},"weight_map":)" + weight_map + "}");
  }

  void expect_refused(const std::string& file, const std::string& text) {
    const std::string path = file.empty() ? folder_.path() : folder_.path(file);
    expect_error(ErrorCode::kCheckpoint, path + ": " + text,
                 [&] { WeightSet::open(folder_.path()); });
  }

  const std::string index_ = "model.safetensors.index.json";
  TemporaryFolder folder_;
};

TEST_F(SafetensorsFolderTest, reads_a_single_file) {
  folder_.write("model.safetensors", one_byte_tensors({"a"}));
  const WeightSet set = WeightSet::open(folder_.path());
  EXPECT_NE(set.find("a"), nullptr);
  EXPECT_EQ(set.source(), folder_.path("model.safetensors"));
}

TEST_F(SafetensorsFolderTest, reads_shards) {
  folder_.write("s1.safetensors", one_byte_tensors({"a", "b"}));
  folder_.write("s2.safetensors", one_byte_tensors({"c"}));
  write_index(R"({"a":"s1.safetensors","b":"s1.safetensors","c":"s2.safetensors"})");
  const WeightSet set = WeightSet::open(folder_.path());
  EXPECT_EQ(set.tensors().size(), 3u);
  EXPECT_EQ(set.get("c").file, folder_.path("s2.safetensors"));
  EXPECT_EQ(set.source(), folder_.path(index_));
}

TEST_F(SafetensorsFolderTest, refuses_folder_without_weights) {
  expect_refused("", "holds neither model.safetensors nor model.safetensors.index.json");
}

TEST_F(SafetensorsFolderTest, refuses_folder_where_a_file_should_be) {
  std::filesystem::create_directory(folder_.path("model.safetensors"));
  expect_refused("model.safetensors", "is a folder, not a file");
}

TEST_F(SafetensorsFolderTest, names_a_link_that_leads_nowhere) {
  std::filesystem::create_symlink("gone", folder_.path("model.safetensors"));
  expect_refused("model.safetensors", "is a link to a file that is not there");
}

TEST_F(SafetensorsFolderTest, refuses_missing_shard) {
  write_index(R"({"a":"s1.safetensors"})");
  expect_refused("s1.safetensors", "no such file");
}

TEST_F(SafetensorsFolderTest, refuses_tensor_that_its_shard_lacks) {
  folder_.write("s1.safetensors", one_byte_tensors({"a"}));
  folder_.write("s2.safetensors", one_byte_tensors({"c"}));
  write_index(R"({"a":"s1.safetensors","b":"s1.safetensors","c":"s2.safetensors"})");
  expect_refused("s1.safetensors", R"(lacks tensor "b", which the index places there)");
  write_index(R"({"a":"s2.safetensors","c":"s2.safetensors","x":"s1.safetensors"})");
  expect_refused("s2.safetensors", R"(lacks tensor "a", which the index places there)");
}

TEST_F(SafetensorsFolderTest, refuses_tensor_in_two_shards) {
  folder_.write("s1.safetensors", one_byte_tensors({"a", "b"}));
  folder_.write("s2.safetensors", one_byte_tensors({"b", "c"}));
  write_index(R"({"a":"s1.safetensors","b":"s1.safetensors","c":"s2.safetensors"})");
  expect_refused("s2.safetensors", R"(tensor "b" is also in )" + folder_.path("s1.safetensors"));
}

TEST_F(SafetensorsFolderTest, reads_shards_in_folders_below_the_index) {
  std::filesystem::create_directories(folder_.path("weights/part"));
  folder_.write("weights/s1.safetensors", one_byte_tensors({"a"}));
  folder_.write("weights/part/s2.safetensors", one_byte_tensors({"b"}));
  write_index(R"({"a":"weights/s1.safetensors","b":"./weights/part/s2.safetensors"})");
  EXPECT_EQ(WeightSet::open(folder_.path()).tensors().size(), 2u);
}

TEST_F(SafetensorsFolderTest, refuses_shard_names_that_leave_the_folder) {
  for (const char* name : {"../s.safetensors", "/etc/passwd", "..", ".", "", "a/../../b", "a/..",
                           "a/", "a\\\\b", "a\\u0000b"}) {
    write_index(std::string(R"({"a":")") + name + "\"}");
    expect_refused(index_, "the shard ");
  }
}

TEST_F(SafetensorsFolderTest, refuses_damaged_index) {
  folder_.write(index_, "{");
  expect_refused(index_, "is not valid JSON (at byte 2)");
  folder_.write(index_, "");
  expect_refused(index_, "is empty");
  folder_.write(index_, "{}");
  expect_refused(index_, "has no weight_map");
  write_index("{}");
  expect_refused(index_, "has no weight_map");
  write_index(R"({"a":1})");
  expect_refused(index_, R"(the shard of "a" is not a text)");
  write_index(R"({"a":"s","a":"t"})");
  expect_refused(index_, R"(names "a" twice)");
}

}  // namespace
}  // namespace lumina::checkpoint
