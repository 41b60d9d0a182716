// The torch.save reader: state dicts as PyTorch writes them, and files it must refuse.
#include <gtest/gtest.h>

#include <functional>

#include "checkpoint/weight_set.h"
#include "support/expect_error.h"
#include "support/safetensors_bytes.h"
#include "support/temporary_folder.h"
#include "support/torch_archive_builder.h"

namespace lumina::checkpoint {
namespace {

using lumina::testing::expect_error;
using lumina::testing::little_endian;
using lumina::testing::PickleBuilder;
using lumina::testing::raw_bytes;
using lumina::testing::TemporaryFolder;
using lumina::testing::ZipBuilder;
using lumina::testing::ZipOptions;

const std::string kSixFloats = raw_bytes<float>({0, 1, 2, 3, 4, 5});

// {"w": float32 [2, 3]}
std::string simple_pickle() {
  return PickleBuilder()
      .begin_ordered_dict()
      .text("w")
      .tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1})
      .end_items()
      .build();
}

std::string archive(const std::string& pickle, const std::string& storage = kSixFloats,
                    ZipOptions options = {}) {
  return ZipBuilder(options)
      .add("archive/data.pkl", pickle)
      .add("archive/data/0", storage)
      .add("archive/version", "3\n")
      .build();
}

class TorchArchiveTest : public ::testing::Test {
 protected:
  WeightSet open(const std::string& bytes) {
    return WeightSet::open(folder_.write("w.ckpt", bytes));
  }

  void expect_refused(const std::string& bytes, const std::string& text) {
    expect_error(ErrorCode::kCheckpoint, folder_.path("w.ckpt") + ": " + text,
                 [&] { open(bytes); });
  }

  // One tensor "w" over a storage of six floats.
  void expect_tensor_refused(std::int64_t numel, std::int64_t offset,
                             const std::vector<std::int64_t>& shape,
                             const std::vector<std::int64_t>& strides, const std::string& text) {
    expect_refused(archive(PickleBuilder()
                               .begin_ordered_dict()
                               .text("w")
                               .tensor("FloatStorage", "0", numel, offset, shape, strides)
                               .end_items()
                               .build()),
                   text);
  }

  TemporaryFolder folder_;
};

void expect_six_floats(const WeightSet& set) {
  const TensorView& w = set.get("w");
  EXPECT_EQ(w.dtype, DType::kFloat32);
  EXPECT_EQ(w.shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(w.strides, (std::vector<std::int64_t>{3, 1}));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(static_cast<const float*>(w.data)[i], i);
}

TEST_F(TorchArchiveTest, reads_a_flat_state_dict) {
  expect_six_floats(open(archive(simple_pickle())));
}

TEST_F(TorchArchiveTest, reads_the_layouts_of_torch_save) {
  ZipOptions options;
  for (const bool zip64 : {false, true}) {
    for (const bool data_after : {false, true}) {
      options.zip64 = zip64;
      options.data_after = data_after;
      expect_six_floats(open(archive(simple_pickle(), kSixFloats, options)));
    }
  }
  // Any folder name, further entries, a zip comment.
  std::string bytes = ZipBuilder()
                          .add("my model/data.pkl", simple_pickle())
                          .add("my model/byteorder", "little")
                          .add("my model/data/0", kSixFloats)
                          .add("my model/.data/serialization_id", "1234")
                          .build();
  bytes.replace(bytes.size() - 2, 2, little_endian(5, 2) + "hello");
  expect_six_floats(open(bytes));
}

TEST_F(TorchArchiveTest, reads_a_training_checkpoint) {
  const std::string pickle = PickleBuilder()
                                 .raw("}(")
                                 .text("epoch")
                                 .integer(3)
                                 .text("loss")
                                 .raw("G" + std::string("\x3f\xf0\0\0\0\0\0\0", 8))
                                 .text("flags")
                                 .raw("](\x88\x89Ne")
                                 .text("one")
                                 .raw("]K\1a")
                                 .text("big")
                                 .integer(-5'000'000'000)
                                 .text("pair")
                                 .raw("K\1K\2\x86")
                                 .text("triple")
                                 .raw("K\1K\2K\3\x87")
                                 .text("single")
                                 .raw("K\1\x85")
                                 .text("state_dict")
                                 .begin_ordered_dict()
                                 .text("w")
                                 .tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1})
                                 .text("not a tensor")
                                 .integer(70'000)
                                 .end_items()
                                 .end_items()
                                 .build();
  const WeightSet set = open(archive(pickle));
  expect_six_floats(set);
  EXPECT_EQ(set.tensors().size(), 1u);
}

TEST_F(TorchArchiveTest, drops_the_metadata_of_a_state_dict_and_honours_the_memo) {
  // The dict is memoised, its items use a memoised key, and BUILD sets _metadata.
  const std::string pickle = PickleBuilder()
                                 .global("collections", "OrderedDict")
                                 .raw("q\1)Rq\2(")
                                 .text("w")
                                 .raw("q\3")
                                 .tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1})
                                 .raw("r" + little_endian(300, 4))
                                 .text("again")
                                 .raw("j" + little_endian(300, 4))
                                 .end_items()
                                 .raw("}")
                                 .text("_metadata")
                                 .raw("h\1)Rsb")
                                 .build();
  const WeightSet set = open(archive(pickle));
  expect_six_floats(set);
  EXPECT_EQ(set.get("again").data, set.get("w").data);
}

TEST_F(TorchArchiveTest, honours_offset_strides_and_shared_storage) {
  const std::string pickle = PickleBuilder()
                                 .begin_ordered_dict()
                                 .text("tail")
                                 .tensor("FloatStorage", "0", 6, 2, {4}, {1})
                                 .text("transposed")
                                 .tensor("FloatStorage", "0", 6, 0, {3, 2}, {1, 3})
                                 .text("scalar")
                                 .tensor("FloatStorage", "0", 6, 5, {}, {})
                                 .text("none")
                                 .tensor("FloatStorage", "0", 6, 6, {0, 3}, {3, 1})
                                 .end_items()
                                 .build();
  const WeightSet set = open(archive(pickle));
  const auto at = [&](const char* name, int index) {
    return static_cast<const float*>(set.get(name).data)[index];
  };
  EXPECT_EQ(at("tail", 0), 2.0f);
  EXPECT_EQ(at("scalar", 0), 5.0f);
  EXPECT_FALSE(set.get("transposed").contiguous());
  EXPECT_EQ(set.get("transposed").strides, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(set.get("transposed").data, static_cast<const float*>(set.get("tail").data) - 2);
  EXPECT_EQ(set.get("none").numel(), 0);
}

TEST_F(TorchArchiveTest, knows_the_storage_types) {
  const struct {
    const char* storage;
    DType dtype;
    std::int64_t size;
  } kTypes[] = {{"FloatStorage", DType::kFloat32, 4},     {"HalfStorage", DType::kFloat16, 2},
                {"BFloat16Storage", DType::kBFloat16, 2}, {"DoubleStorage", DType::kFloat64, 8},
                {"LongStorage", DType::kInt64, 8},        {"IntStorage", DType::kInt32, 4},
                {"ShortStorage", DType::kInt16, 2},       {"CharStorage", DType::kInt8, 1},
                {"ByteStorage", DType::kUInt8, 1},        {"BoolStorage", DType::kBool, 1}};
  for (const auto& type : kTypes) {
    const std::string pickle =
        PickleBuilder()
            .begin_ordered_dict()
            .text("w")
            .tensor(type.storage, "0", 24 / type.size, 0, {24 / type.size}, {1})
            .end_items()
            .build();
    EXPECT_EQ(open(archive(pickle)).get("w").dtype, type.dtype) << type.storage;
  }
}

// --- pickles that must be refused ---

TEST_F(TorchArchiveTest, refuses_by_name_what_is_no_state_dict) {
  expect_refused(archive(PickleBuilder().global("os", "system").text("true").raw("\x85R").build()),
                 "is a whole object, made by os.system, not a mapping of names to tensors");
  expect_refused(archive(PickleBuilder().global("torch", "ByteStorage").build()),
                 "is torch.ByteStorage, not a mapping");
  expect_refused(archive(PickleBuilder().text("w").build()), "is a text, not a mapping");
}

TEST_F(TorchArchiveTest, passes_over_what_lies_beside_the_weights) {
  // Opcodes of protocols 4 and 5, and objects of any class: nothing is called.
  PickleBuilder good;
  good.raw("}(").text("args").raw("\x8c\10argparse\x8c\11Namespace\x93)\x81}\x8c\1aK\1sb");
  good.text("os").global("os", "system").text("true").raw("\x85R");
  good.text("size").global("torch", "Size").raw("K\1K\2\x86\x85R");
  good.text("big").raw("\x8a\x09" + std::string(9, 'x'));
  good.text("bytes").raw("C\2xy").text("set").raw("\x8f(K\1K\2\x90");
  good.text("counts").global("collections", "Counter").raw("}\x85R");
  good.text("lists").global("collections", "defaultdict").global("builtins", "list").raw("\x85R");
  good.text("state_dict").begin_ordered_dict().text("w");
  good.tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1}).end_items().end_items();
  const WeightSet set = open(archive(good.build()));
  expect_six_floats(set);
  EXPECT_EQ(set.tensors().size(), 1u);
  EXPECT_EQ(set.contents(), R"("args", "os", "size", "big", "bytes", "set" and 3 more)");
}

TEST_F(TorchArchiveTest, refuses_by_name_what_a_needed_tensor_is_made_of) {
  const std::string pickle = PickleBuilder()
                                 .begin_ordered_dict()
                                 .text("w")
                                 .global("torchao.quant", "Packed")
                                 .raw(")R")
                                 .text("v")
                                 .tensor("FloatStorage", "0", 6, 0, {6}, {1})
                                 .text("c")
                                 .tensor("ComplexFloatStorage", "0", 3, 0, {3}, {1})
                                 .end_items()
                                 .build();
  const WeightSet set = open(archive(pickle));
  EXPECT_NE(set.find("v"), nullptr);
  const auto ignored = [](const std::string&) { return true; };
  expect_error(ErrorCode::kCheckpoint,
               R"(tensor "w" is no plain tensor: made by torchao.quant.Packed)", [&] {
                 set.require({{"w", {6}}}, ignored);
               });
  expect_error(ErrorCode::kCheckpoint, R"(tensor "c" has type "complex64", which is not supported)",
               [&] {
                 set.require({{"c", {3}}}, ignored);
               });
}

TEST_F(TorchArchiveTest, reads_parameters_and_untyped_storages) {
  const auto wrapped = [](const std::string& name, const std::string& tail) {
    PickleBuilder pickle;
    pickle.begin_ordered_dict().text("w").global("torch._utils", name).raw("(");
    return pickle.tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1}).raw(tail).end_items().build();
  };
  expect_six_floats(open(archive(wrapped("_rebuild_parameter", "\x88}tR"))));
  expect_six_floats(open(archive(wrapped("_rebuild_parameter_with_state", "\x88}}tR"))));
  // As newer versions write what has no typed storage: bytes, and the type beside them.
  const auto v3 = [](const std::string& type) {
    PickleBuilder pickle;
    pickle.begin_ordered_dict().text("w").global("torch._utils", "_rebuild_tensor_v3");
    pickle.raw("((").text("storage").global("torch.storage", "UntypedStorage").text("0");
    pickle.text("cpu").integer(24).raw("tQ").integer(0).integers({2, 3}).integers({3, 1});
    return pickle.raw("\x89}").global("torch", type).raw("tR").end_items().build();
  };
  expect_six_floats(open(archive(v3("float32"))));
  const WeightSet other = open(archive(v3("float8_e4m3fn")));
  expect_error(ErrorCode::kCheckpoint, R"(tensor "w" has type "float8_e4m3fn")",
               [&] { other.get("w"); });
}

TEST_F(TorchArchiveTest, finds_the_state_dict_and_takes_prefixes_off) {
  const auto wrapped = [&](const std::vector<std::string>& keys, const std::string& prefix) {
    PickleBuilder pickle;
    for (const auto& key : keys) pickle.raw("}(").text(key);
    pickle.begin_ordered_dict().text(prefix + "enc.w");
    pickle.tensor("FloatStorage", "0", 6, 0, {2, 3}, {3, 1}).end_items();
    for (std::size_t i = 0; i < keys.size(); ++i) pickle.end_items();
    return folder_.write("w.ckpt", archive(pickle.build()));
  };
  for (const std::vector<std::string>& keys :
       {std::vector<std::string>{}, {"model"}, {"model_state_dict"}, {"a", "params"}}) {
    for (const std::string prefix : {"", "module.", "first_stage_model._orig_mod."}) {
      const WeightSet set = WeightSet::open(wrapped(keys, prefix), {"enc.w"});
      ASSERT_NE(set.find("enc.w"), nullptr) << prefix;
    }
  }
  const std::string path = wrapped({"optimizer"}, "");
  EXPECT_EQ(WeightSet::open(path, {"dec.w"}).contents(), R"("optimizer" (1 entries))");
}

TEST_F(TorchArchiveTest, refuses_every_other_opcode_by_name) {
  const std::string allowed =
      std::string("()., 0 1 2 B C G J K M N Q R T U X ] a b c d e h j l q r s t u }") +
      "\x80\x81\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f" + "\x90\x91\x92\x93\x94\x95\x96";
  int refused = 0;
  for (int opcode = 0; opcode < 256; ++opcode) {
    if (opcode != ' ' && opcode != ',' &&
        allowed.find(static_cast<char>(opcode)) != std::string::npos) {
      continue;
    }
    char text[40];
    std::snprintf(text, sizeof text, "pickle opcode 0x%02x (", opcode);
    expect_refused(archive(PickleBuilder().raw(std::string(1, static_cast<char>(opcode))).build()),
                   text);
    ++refused;
  }
  EXPECT_EQ(refused, 256 - 53);
  expect_refused(archive(PickleBuilder().raw("i").build()),
                 "pickle opcode 0x69 (INST) is not allowed");
  expect_refused(archive(PickleBuilder().raw("\x82").build()),
                 "pickle opcode 0x82 (EXT1) is not allowed");
}

TEST_F(TorchArchiveTest, reads_pickle_protocols_2_to_5) {
  for (char protocol = 2; protocol <= 5; ++protocol) {
    std::string pickle = simple_pickle();
    pickle[1] = protocol;
    expect_six_floats(open(archive(pickle)));
  }
  expect_refused(archive("\x80\x06."), "data.pkl has pickle protocol 6, only 2 to 5 are read");
  expect_refused(archive("\x80\x01."), "data.pkl has pickle protocol 1, only 2 to 5 are read");
}

TEST_F(TorchArchiveTest, refuses_calls_of_what_is_no_function) {
  const char* const kText = "data.pkl calls what cannot be called";
  expect_refused(archive(PickleBuilder().text("os").text("x").raw("\x85R").build()), kText);
  expect_refused(archive(PickleBuilder().global("collections", "OrderedDict").raw("K\1R").build()),
                 "data.pkl calls something without a tuple of arguments");
  expect_refused(
      archive(PickleBuilder().global("collections", "OrderedDict").raw("]K\1a\x85R").build()),
      "data.pkl makes a mapping of other than pairs");
}

TEST_F(TorchArchiveTest, refuses_broken_pickles) {
  const std::string whole = simple_pickle();
  expect_refused(archive(whole.substr(0, whole.size() - 1)), "data.pkl is truncated");
  expect_refused(archive(""), "data.pkl is truncated");
  expect_refused(archive(PickleBuilder().raw("cos").build()), "data.pkl is truncated");
  expect_refused(archive(PickleBuilder().build()), "data.pkl takes from an empty stack");
  expect_refused(archive(PickleBuilder().raw("N(s").build()), "data.pkl takes from an empty stack");
  // Nothing may be taken from below a mark.
  expect_refused(archive(PickleBuilder().raw("}NN(s").build()),
                 "data.pkl takes from an empty stack");
  expect_refused(archive(PickleBuilder().raw("Nt").build()), "data.pkl has no mark");
  expect_refused(archive(PickleBuilder().raw("h\7").build()), "data.pkl recalls a value");
  expect_refused(archive(PickleBuilder().raw("N(NNu").build()),
                 "data.pkl sets items of what is not");
  expect_refused(archive(PickleBuilder().raw("}(Nu").build()),
                 "data.pkl sets a key without a value");
  expect_refused(archive(PickleBuilder().raw("NNa").build()),
                 "data.pkl appends to what is not a list");
  expect_refused(archive(PickleBuilder().raw("N}b").build()),
                 "data.pkl sets the state of what has none");
  expect_refused(archive(PickleBuilder().raw("NQ").build()),
                 "data.pkl has an unknown persistent id");
  expect_refused(archive(PickleBuilder().raw("K\1").build()), "is an integer, not a mapping");
  expect_refused(archive(PickleBuilder().raw("}").build()),
                 "holds no mapping of names to tensors, only nothing");
  expect_refused(archive(PickleBuilder().raw("}(").text("epoch").raw("K\1u").build()),
                 R"(holds no mapping of names to tensors, only "epoch")");
  expect_refused(
      archive(PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").raw(")R").build()),
      "data.pkl rebuilds a tensor from too few arguments");
}

TEST_F(TorchArchiveTest, refuses_a_tensor_name_twice) {
  expect_refused(archive(PickleBuilder()
                             .begin_ordered_dict()
                             .text("w")
                             .tensor("FloatStorage", "0", 6, 0, {6}, {1})
                             .text("w")
                             .tensor("FloatStorage", "0", 6, 0, {6}, {1})
                             .end_items()
                             .build()),
                 R"(names tensor "w" twice)");
}

TEST_F(TorchArchiveTest, refuses_pickle_bombs) {
  const char* const kTooMany = "data.pkl makes an absurd number of values";
  expect_refused(archive(PickleBuilder().raw(std::string(2'000'000, '}')).build()), kTooMany);
  expect_refused(archive(PickleBuilder().raw(std::string(2'000'000, '(')).build()), kTooMany);
  // Values nested a million deep, with no room for recursion when they are freed.
  expect_refused(archive(PickleBuilder().raw("N" + std::string(900'000, '\x85')).build()),
                 "is a tuple, not a mapping");
  // One value, recalled for ever.
  std::string recalls = "Nq" + std::string(1, '\0');
  for (int i = 0; i < 1'100'000; ++i) recalls += std::string("h\0", 2);
  expect_refused(archive(PickleBuilder().raw(recalls).build()), kTooMany);
  // A list that doubles: the items are indices of an arena, so it costs what the bytes say.
  std::string doubling = "]q" + std::string(1, '\0');
  for (int i = 0; i < 1000; ++i) doubling += std::string("(h\0h\0e", 6);
  expect_refused(archive(PickleBuilder().raw(doubling).build()), "is a list, not a mapping");
  // A mapping that is copied again and again.
  std::string copies = "(";
  for (int i = 0; i < 1000; ++i) copies += "K\1K\2";
  copies += "dq" + std::string(1, '\0') + "ccollections\nOrderedDict\nq\1";
  for (int i = 0; i < 2000; ++i) copies += std::string("h\1h\0\x85R", 6);
  expect_refused(archive(PickleBuilder().raw(copies).build()), kTooMany);
  expect_refused(archive(PickleBuilder().raw("X\xff\xff\xff\x7f").build()),
                 "data.pkl holds an absurdly long text");
}

// --- storages and shapes that must be refused ---

TEST_F(TorchArchiveTest, refuses_storage_that_is_missing_or_of_another_size) {
  const std::string no_storage = ZipBuilder().add("archive/data.pkl", simple_pickle()).build();
  expect_refused(no_storage, R"(tensor "w" lies in storage "0", which the archive lacks)");
  expect_refused(archive(simple_pickle(), kSixFloats + "x"),
                 R"(storage "0" of 6 elements has 25 bytes)");
  expect_tensor_refused(-1, 0, {1}, {1}, R"(storage "0" of -1 elements has 24 bytes)");
  expect_tensor_refused(std::int64_t{1} << 62, 0, {1}, {1}, R"(storage "0" of )");
}

TEST_F(TorchArchiveTest, reads_storages_that_are_not_aligned) {
  ZipOptions options;
  options.align = 1;
  int copied = 0;
  for (int i = 0; i < 4; ++i) {
    const WeightSet set = open(ZipBuilder(options)
                                   .add("a/data.pkl", simple_pickle())
                                   .add("a/x", std::string(i, 'x'))
                                   .add("a/data/0", kSixFloats)
                                   .build());
    const TensorView w = aligned(set.get("w"));
    for (int n = 0; n < 6; ++n) EXPECT_EQ(static_cast<const float*>(w.data)[n], n);
    copied += w.mapped ? 0 : 1;
  }
  EXPECT_EQ(copied, 3);
}

TEST_F(TorchArchiveTest, refuses_tensors_that_leave_their_storage) {
  expect_tensor_refused(6, 1, {2, 3}, {3, 1}, R"(tensor "w" reaches element 6 of a storage of 6)");
  expect_tensor_refused(6, 7, {0}, {1}, R"(tensor "w" reaches element 6 of a storage of 6)");
  expect_tensor_refused(6, 0, {2, 3}, {4, 1}, R"(tensor "w" reaches element 6 of a storage of 6)");
  expect_tensor_refused(6, -1, {2, 3}, {3, 1}, R"(tensor "w" has a negative storage offset)");
  expect_tensor_refused(6, 0, {2, 3}, {3, -1}, R"(tensor "w" has a negative stride)");
  expect_tensor_refused(6, 0, {2, 3}, {1}, R"(tensor "w" has 2 sizes but 1 strides)");
  expect_tensor_refused(6, 0, {-2}, {1}, R"(tensor "w" has the absurd shape [-2])");
  const std::int64_t huge = std::int64_t{1} << 33;
  expect_tensor_refused(6, 0, {huge, huge}, {0, 0}, R"(tensor "w" has the absurd shape)");
  expect_tensor_refused(6, 0, {huge}, {huge}, R"(tensor "w" has absurd strides)");
  expect_tensor_refused(6, 0, {huge}, {0}, R"(tensor "w" has more elements than its storage)");
  expect_tensor_refused(6, 0, std::vector<std::int64_t>(33, 1), std::vector<std::int64_t>(33, 1),
                        "data.pkl has a tensor of absurd shape");
}

TEST_F(TorchArchiveTest, refuses_big_endian_files) {
  expect_refused(ZipBuilder()
                     .add("a/data.pkl", simple_pickle())
                     .add("a/byteorder", "big")
                     .add("a/data/0", kSixFloats)
                     .build(),
                 "is not stored in little-endian byte order");
}

// --- zips that must be refused ---

TEST_F(TorchArchiveTest, refuses_truncated_zip) {
  const std::string whole = archive(simple_pickle());
  for (const std::size_t cut : {std::size_t{1}, std::size_t{30}, whole.size() / 2}) {
    expect_refused(whole.substr(0, whole.size() - cut), "has no zip directory at its end");
  }
}

TEST_F(TorchArchiveTest, refuses_unsafe_entry_names) {
  for (const std::string name : {"../evil", "a/../../evil", "/etc/passwd", "a\\b", "..", ""}) {
    expect_refused(ZipBuilder().add("a/data.pkl", simple_pickle()).add(name, "x").build(),
                   "zip entry ");
  }
  expect_refused(ZipBuilder().add("a/../data.pkl", simple_pickle()).build(),
                 R"(zip entry "a/../data.pkl" has an unsafe name)");
}

TEST_F(TorchArchiveTest, refuses_compressed_and_encrypted_entries) {
  ZipBuilder compressed;
  compressed.method = 8;
  expect_refused(compressed.add("a/data.pkl", "x").build(),
                 R"(zip entry "a/data.pkl" is compressed (method 8))");
  ZipBuilder encrypted;
  encrypted.flags = 1;
  expect_refused(encrypted.add("a/data.pkl", "x").build(),
                 R"(zip entry "a/data.pkl" is encrypted)");
}

TEST_F(TorchArchiveTest, refuses_archives_without_or_with_two_pickles) {
  expect_refused(ZipBuilder().add("a/other", "x").build(),
                 "is a zip archive that holds no data.pkl, so torch.save did not write it");
  expect_refused(
      ZipBuilder().add("a/data.pkl", simple_pickle()).add("b/data.pkl", simple_pickle()).build(),
      "holds more than one data.pkl");
  expect_refused(ZipBuilder().add("a/x", "1").add("a/x", "2").build(),
                 R"(holds zip entry "a/x" twice)");
}

TEST_F(TorchArchiveTest, refuses_directories_that_lie) {
  const std::string whole = archive(simple_pickle());
  const std::size_t end = whole.size() - 22;  // of the end record
  const auto spoil = [&](std::size_t offset, std::uint64_t value, int bytes) {
    std::string copy = whole;
    copy.replace(offset, bytes, little_endian(value, bytes));
    return copy;
  };
  const std::size_t directory = whole.find("PK\x01\x02");
  expect_refused(spoil(end + 10, 60000, 2), "claims an absurd number of zip entries (60000)");
  expect_refused(spoil(end + 16, 0x7fffffff, 4), "the zip directory lies outside the file");
  expect_refused(spoil(end + 12, 20, 4), "claims an absurd number of zip entries (3)");
  expect_refused(spoil(directory, 0, 4), "the zip directory is damaged");
  expect_refused(spoil(directory + 28, 65535, 2), "the zip directory is damaged");
  expect_refused(spoil(directory + 42, 0x7fffffff, 4),
                 R"(zip entry "archive/data.pkl" lies outside the file)");
  expect_refused(spoil(directory + 42, 4, 4),
                 R"(zip entry "archive/data.pkl" has no local header)");
  expect_refused(spoil(directory + 24, 17, 4),
                 R"(zip entry "archive/data.pkl" has two different sizes)");
  std::string big = spoil(directory + 20, 0x7fffffff, 4);
  big.replace(directory + 24, 4, little_endian(0x7fffffff, 4));
  expect_refused(big, R"(zip entry "archive/data.pkl" lies outside the file)");

  ZipOptions options;
  options.zip64 = true;
  std::string zip64 = archive(simple_pickle(), kSixFloats, options);
  const std::size_t record = zip64.find("PK\x06\x06");
  std::string copy = zip64;
  copy.replace(record + 32, 8, little_endian(~0ull, 8));
  expect_refused(copy, "claims an absurd number of zip entries (18446744073709551615)");
  copy = zip64;
  copy.replace(record + 48, 8, little_endian(~0ull, 8));
  expect_refused(copy, "the zip directory lies outside the file");
  copy = zip64;
  copy.replace(record, 4, "XXXX");
  expect_refused(copy, "the zip64 end record is damaged");
}

// --- the format before PyTorch 1.6 ---

std::string legacy(const std::string& object, const std::string& keys,
                   const std::string& storages) {
  const std::string magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  const std::string protocol = "\x80\x02M\xe9\x03.";
  const std::string system = PickleBuilder().raw("}(").text("little_endian").raw("\x88u").build();
  return magic + protocol + system + object + keys + storages;
}

std::string legacy_object() {
  return PickleBuilder()
      .begin_ordered_dict()
      .text("w")
      .global("torch._utils", "_rebuild_tensor_v2")
      .raw("((")
      .text("storage")
      .global("torch", "FloatStorage")
      .text("77")
      .text("cpu")
      .integer(6)
      .raw("NtQ")
      .integer(0)
      .integers({2, 3})
      .integers({3, 1})
      .raw("\x89}tR")
      .end_items()
      .build();
}

TEST_F(TorchArchiveTest, reads_the_old_format) {
  const std::string keys = PickleBuilder().raw("]").text("77").raw("a").build();
  const std::string whole = legacy(legacy_object(), keys, little_endian(6, 8) + kSixFloats);
  const WeightSet set = open(whole);
  const TensorView w = aligned(set.get("w"));
  EXPECT_EQ(w.shape, (std::vector<std::int64_t>{2, 3}));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(static_cast<const float*>(w.data)[i], i);

  expect_refused(whole.substr(0, whole.size() - 1), "is truncated");
  expect_refused(legacy(legacy_object(), PickleBuilder().raw("]").build(), ""),
                 R"(tensor "w" lies in storage "77", which the file lacks)");
  expect_refused(legacy(legacy_object(), keys, little_endian(5, 8) + kSixFloats.substr(4)),
                 R"(storage "77" of 6 elements has 20 bytes)");
  expect_refused(legacy(legacy_object(), keys, little_endian(~0ull, 8)), "is truncated");
  expect_refused("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02K\1.",
                 "is a torch.save file of an unknown protocol");
}

}  // namespace
}  // namespace lumina::checkpoint
