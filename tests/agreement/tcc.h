/* What tcc lacks of the compilers that speccheck knows: enough for compiled rules, so that very many of them are compiled quickly (see native_long.py). */
#ifndef TCC_H
#define TCC_H
#include <stdint.h>
#include <string.h>

#define __builtin_memcpy memcpy
#define __builtin_memcmp memcmp
#define __builtin_memset memset
#define __builtin_memmove memmove
#define __builtin_expect(value, likely) (value)
#define __builtin_prefetch(...) ((void)0)
#define _Pragma(text)

static int __builtin_add_overflow(int64_t a, int64_t b, int64_t *r)
{
    *r = (int64_t)((uint64_t)a + (uint64_t)b);
    return b < 0 ? *r > a : *r < a;
}

static int __builtin_sub_overflow(int64_t a, int64_t b, int64_t *r)
{
    *r = (int64_t)((uint64_t)a - (uint64_t)b);
    return b < 0 ? *r < a : *r > a;
}

static int __builtin_mul_overflow(int64_t a, int64_t b, int64_t *r)
{
    *r = (int64_t)((uint64_t)a * (uint64_t)b);
    if (a == 0 || b == 0)
        return 0;
    if ((a == -1 && b == INT64_MIN) || (b == -1 && a == INT64_MIN))
        return 1;
    return *r / b != a;
}

static int __builtin_popcountll(uint64_t x)
{
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
}

static int __builtin_ctzll(uint64_t x)
{
    int n = 0;
    for (; !(x & 1); x >>= 1)
        n++;
    return n;
}

static int __builtin_clzll(uint64_t x)
{
    int n = 0;
    for (; !(x >> 63); x <<= 1)
        n++;
    return n;
}
#endif
