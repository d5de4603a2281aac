#include "inference/vulkan/spirv_reflect.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "models/base/errors.h"

namespace ponder::vulkan {

namespace {

// Numbers from the SPIR-V specification, section 3.
constexpr uint32_t kMagic = 0x07230203;
enum Op : uint32_t {
    OpCapability = 17,
    OpTypeInt = 21,
    OpTypeFloat = 22,
    OpTypeVector = 23,
    OpTypeMatrix = 24,
    OpTypeArray = 28,
    OpTypeStruct = 30,
    OpTypePointer = 32,
    OpConstant = 43,
    OpVariable = 59,
    OpDecorate = 71,
    OpMemberDecorate = 72,
};
enum Decoration : uint32_t { SpecId = 1, ArrayStride = 6, Binding = 33, Offset = 35 };
enum StorageClass : uint32_t { PushConstant = 9, StorageBuffer = 12 };

struct Type {
    uint32_t op = 0;
    std::vector<uint32_t> operands; // after the result id
};

struct Module {
    std::unordered_map<uint32_t, Type> types;
    std::unordered_map<uint32_t, uint32_t> constants, strides, bindings;
    std::unordered_map<uint64_t, uint32_t> offsets; // struct id << 32 | member

    uint32_t sizeOf(uint32_t id, int depth = 0) const {
        const auto at = types.find(id);
        if (at == types.end() || depth > 8) return 0;
        const Type& type = at->second;
        const auto operand = [&](size_t i) { return i < type.operands.size() ? type.operands[i] : 0; };
        switch (type.op) {
        case OpTypeInt:
        case OpTypeFloat:
            return operand(0) / 8;
        case OpTypeVector:
        case OpTypeMatrix:
            return operand(1) * sizeOf(operand(0), depth + 1);
        case OpTypeArray: {
            const auto count = constants.find(operand(1));
            const auto stride = strides.find(id);
            if (count == constants.end()) return 0;
            return count->second * (stride != strides.end() ? stride->second : sizeOf(operand(0), depth + 1));
        }
        case OpTypePointer:
            return 8; // a device address
        case OpTypeStruct: {
            uint32_t end = 0;
            for (const PushMember& member : members(id, depth + 1))
                end = std::max(end, member.offset + member.sizeBytes);
            return end;
        }
        default:
            return 0;
        }
    }

    std::vector<PushMember> members(uint32_t structId, int depth = 0) const {
        std::vector<PushMember> result;
        const auto at = types.find(structId);
        if (at == types.end()) return result;
        const auto& operands = at->second.operands;
        for (uint32_t i = 0; i < operands.size(); ++i) {
            const auto offset = offsets.find(uint64_t{structId} << 32 | i);
            result.push_back({offset == offsets.end() ? 0 : offset->second, sizeOf(operands[i], depth + 1)});
        }
        return result;
    }
};

} // namespace

Result<ShaderInterface> reflectShader(std::span<const uint32_t> words) {
    if (words.size() < 5 || words[0] != kMagic)
        return ownMistake(fmt::format("A compiled kernel of {} words is not SPIR-V", words.size()));

    Module module;
    ShaderInterface result;
    uint32_t pushPointer = 0;
    std::vector<uint32_t> storageVariables;
    for (size_t at = 5; at < words.size();) {
        const uint32_t op = words[at] & 0xffff, count = words[at] >> 16;
        if (count == 0 || count > words.size() - at)
            return ownMistake(fmt::format("A compiled kernel is cut short after {} words", words.size()));
        const auto w = words.subspan(at + 1, count - 1);
        at += count;
        switch (op) {
        case OpCapability:
            result.capabilities.push_back(w[0]);
            break;
        case OpTypeInt:
        case OpTypeFloat:
        case OpTypeVector:
        case OpTypeMatrix:
        case OpTypeArray:
        case OpTypeStruct:
        case OpTypePointer:
            module.types[w[0]] = {op, {w.begin() + 1, w.end()}};
            break;
        case OpConstant:
            module.constants[w[1]] = w[2];
            break;
        case OpVariable:
            if (w[2] == PushConstant) pushPointer = w[0];
            if (w[2] == StorageBuffer) storageVariables.push_back(w[1]);
            break;
        case OpDecorate:
            if (w[1] == SpecId) result.specIds.push_back(w[2]);
            if (w[1] == ArrayStride) module.strides[w[0]] = w[2];
            if (w[1] == Binding) module.bindings[w[0]] = w[2];
            break;
        case OpMemberDecorate:
            if (w[2] == Offset) module.offsets[uint64_t{w[0]} << 32 | w[1]] = w[3];
            break;
        default:
            break;
        }
    }

    for (const uint32_t variable : storageVariables)
        if (const auto binding = module.bindings.find(variable); binding != module.bindings.end())
            result.bindings = std::max(result.bindings, binding->second + 1);
    if (const auto pointer = module.types.find(pushPointer); pointer != module.types.end()) {
        uint32_t block = pointer->second.operands[1];
        result.pushBytes = module.sizeOf(block);
        const auto& members = module.types[block].operands;
        if (members.size() == 1 && module.types[members[0]].op == OpTypeStruct) block = members[0];
        result.pushMembers = module.members(block);
    }
    std::sort(result.specIds.begin(), result.specIds.end());
    return result;
}

} // namespace ponder::vulkan
