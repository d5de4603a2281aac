# Every kernel that is built: kernel x format x defines. Nothing is built that is not here; see CMakeLists.txt for the syntax.

# --- the Vulkan layer's own tests
ponder_shader(NAME self_test SOURCE kernels/self_test.comp)
ponder_shader(NAME read_address SOURCE kernels/read_address.comp)

# --- matrix products (one line or loop a family)
foreach(format F32 F16 BF16 Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K
               IQ1_S IQ1_M IQ2_XXS IQ2_XS IQ2_S IQ3_XXS IQ3_S IQ4_NL IQ4_XS TQ1_0 TQ2_0)
    string(TOLOWER ${format} suffix)
    ponder_shader(NAME matvec_${suffix} SOURCE kernels/matvec.comp DEFINES QUANT_${format})
    ponder_shader(NAME matmul_${suffix} SOURCE kernels/matmul.comp DEFINES QUANT_${format})
    ponder_shader(NAME matmul_coopmat_${suffix} SOURCE kernels/matmul_coopmat.comp DEFINES QUANT_${format} NEEDS coopmat)
    ponder_shader(NAME get_rows_${suffix} SOURCE kernels/get_rows.comp DEFINES QUANT_${format})
    ponder_shader(NAME matvec_experts_${suffix} SOURCE kernels/matvec.comp DEFINES QUANT_${format} EXPERTS)
    ponder_shader(NAME matmul_experts_${suffix} SOURCE kernels/matmul.comp DEFINES QUANT_${format} EXPERTS)
    ponder_shader(NAME matmul_coopmat_experts_${suffix} SOURCE kernels/matmul_coopmat.comp
                  DEFINES QUANT_${format} EXPERTS NEEDS coopmat)
    ponder_shader(NAME matvec_transposed_${suffix} SOURCE kernels/matvec_transposed.comp DEFINES QUANT_${format})
    ponder_shader(NAME unpack_heads_${suffix} SOURCE kernels/unpack_heads.comp DEFINES QUANT_${format})
endforeach()
ponder_shader(NAME to_f16 SOURCE kernels/to_f16.comp)
ponder_shader(NAME matmul_join SOURCE kernels/matmul_join.comp)
foreach(format Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS) # QUANT_BYTES
    string(TOLOWER ${format} suffix)
    ponder_shader(NAME matvec_int8_${suffix} SOURCE kernels/matvec_int8.comp DEFINES QUANT_${format} NEEDS integer_dot)
    ponder_shader(NAME gated_int8_${suffix} SOURCE kernels/gated_int8.comp DEFINES QUANT_${format} NEEDS integer_dot)
    ponder_shader(NAME residual_int8_${suffix} SOURCE kernels/residual_int8.comp DEFINES QUANT_${format} NEEDS integer_dot)
endforeach()
ponder_shader(NAME to_int8 SOURCE kernels/to_int8.comp)
ponder_shader(NAME norm_rounded SOURCE kernels/norm_rounded.comp)

# --- attention and elementwise
ponder_shader(NAME rms_norm SOURCE kernels/rms_norm.comp)
ponder_shader(NAME rms_norm_f16 SOURCE kernels/rms_norm.comp DEFINES HALF)
ponder_shader(NAME gated_act SOURCE kernels/gated_act.comp)
ponder_shader(NAME gated_act_f16 SOURCE kernels/gated_act_f16.comp)
foreach(kernel rms_norm gated_act attention_decode_merge) # with their results rounded for products with integers
    ponder_shader(NAME ${kernel}_int8 SOURCE kernels/${kernel}.comp DEFINES INT8)
endforeach()
foreach(cache "" KV_F32) # f16; float32 for --precise
    set(suffix)
    if(cache)
        set(suffix _f32)
    endif()
    ponder_shader(NAME rope_store${suffix} SOURCE kernels/rope_store.comp DEFINES ${cache})
    ponder_shader(NAME attention_decode${suffix} SOURCE kernels/attention_decode.comp DEFINES ${cache})
    ponder_shader(NAME attention_prefill${suffix} SOURCE kernels/attention_prefill.comp DEFINES ${cache})
    ponder_shader(NAME latent_store${suffix} SOURCE kernels/latent_store.comp DEFINES ${cache})
    ponder_shader(NAME attention_latent${suffix} SOURCE kernels/attention_latent.comp DEFINES ${cache})
endforeach()
foreach(kernel rope_store attention_decode attention_prefill) # --cache q8
    ponder_shader(NAME ${kernel}_q8 SOURCE kernels/${kernel}.comp DEFINES KV_Q8)
endforeach()
ponder_shader(NAME attention_decode_merge SOURCE kernels/attention_decode_merge.comp)
foreach(head_dim 64 128)
    ponder_shader(NAME attention_prefill_coopmat_${head_dim} SOURCE kernels/attention_prefill_coopmat.comp
                  DEFINES HEAD_DIM=${head_dim} NEEDS coopmat)
    ponder_shader(NAME attention_prefill_coopmat_${head_dim}_q8 SOURCE kernels/attention_prefill_coopmat.comp
                  DEFINES HEAD_DIM=${head_dim} KV_Q8 NEEDS coopmat)
endforeach()
ponder_shader(NAME attention_latent_coopmat SOURCE kernels/attention_latent_coopmat.comp NEEDS coopmat)
ponder_shader(NAME latent_expand_coopmat SOURCE kernels/latent_expand_coopmat.comp NEEDS coopmat)
ponder_shader(NAME attention_expanded_coopmat SOURCE kernels/attention_expanded_coopmat.comp NEEDS coopmat)

# --- mixtures of experts
ponder_shader(NAME route_experts SOURCE kernels/route_experts.comp)
ponder_shader(NAME sort_experts SOURCE kernels/sort_experts.comp)
ponder_shader(NAME split_experts SOURCE kernels/split_experts.comp)
ponder_shader(NAME combine_experts SOURCE kernels/combine_experts.comp)

# --- choosing a token
foreach(step penalise greatest weigh select sum pick)
    ponder_shader(NAME sampling_${step} SOURCE kernels/sampling_${step}.comp)
endforeach()
