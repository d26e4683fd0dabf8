"""Writes the models for Spin (tppN.pml: packed) and rumur (tpN.m): python spin_models.py FOLDER."""

import sys
from pathlib import Path

out = sys.argv[1]


def w(name, s):
    Path(out, name).write_text(s)


def twophase_pml(n):
    s = f"""/* TwoPhase, {n} RMs, one process, guarded atomic steps, natural arrays */
byte rm[{n}]; byte tm; bool tp[{n}]; bool mp[{n}]; bool mc; bool ma;
active proctype M() {{ do
"""
    for r in range(n):
        s += f""":: d_step {{ tm==0 && mp[{r}] -> tp[{r}]=1 }}
:: d_step {{ rm[{r}]==0 -> rm[{r}]=1; mp[{r}]=1 }}
:: d_step {{ rm[{r}]==0 -> rm[{r}]=3 }}
:: d_step {{ mc -> rm[{r}]=2 }}
:: d_step {{ ma -> rm[{r}]=3 }}
"""
    s += f":: d_step {{ tm==0 && {' && '.join(f'tp[{r}]' for r in range(n))} -> tm=1; mc=1 }}\n"
    s += ":: d_step { tm==0 -> tm=2; ma=1 }\nod }\n"
    return s


def twophase_packed_pml(n):
    s = f"""/* TwoPhase, {n} RMs, one process, packed into two ints and three bytes */
int rm; int tpmp; byte tm; bit mc; bit ma;
active proctype M() {{ do
"""
    for r in range(n):
        s += f""":: d_step {{ tm==0 && (tpmp & {1 << r}) -> tpmp = tpmp | {1 << (r + n)} }}
:: d_step {{ (rm & {3 << 2 * r})==0 -> rm = rm | {1 << 2 * r}; tpmp = tpmp | {1 << r} }}
:: d_step {{ (rm & {3 << 2 * r})==0 -> rm = rm | {3 << 2 * r} }}
:: d_step {{ mc -> rm = (rm & {~(3 << 2 * r) & ((1 << 2 * n) - 1)}) | {2 << 2 * r} }}
:: d_step {{ ma -> rm = rm | {3 << 2 * r} }}
"""
    full = ((1 << n) - 1) << n
    s += f":: d_step {{ tm==0 && (tpmp & {full})=={full} -> tm=1; mc=1 }}\n:: d_step {{ tm==0 -> tm=2; ma=1 }}\nod }}\n"
    return s


def grid_pml(k):
    s = f"/* {k} counters mod 10 */\nbyte c[{k}];\nactive proctype M() {{ do\n"
    for r in range(k):
        s += f":: d_step {{ c[{r}] = (c[{r}]+1) % 10 }}\n"
    return s + "od }\n"


def peterson_pml(n):
    return f"""/* Peterson filter lock, {n} processes */
#define N {n}
byte level[N]; byte last[N]; byte ncs;
active [N] proctype P() {{ byte l; byte k;
 do :: l = 1;
   do :: l < N -> level[_pid] = l; last[l] = _pid;
        k = 0;
        do :: k < N -> if :: atomic {{ k == _pid || last[l] != _pid || level[k] < l -> k++ }} fi
           :: k == N -> break od; l++
      :: l == N -> break od;
   ncs++; assert(ncs == 1); ncs--; level[_pid] = 0
 od }}
"""


def twophase_m(n):
    return f"""-- TwoPhase, {n} RMs
const N: {n};
type RM: 0..N-1; RS: enum {{ working, prepared, committed, aborted }}; TS: enum {{ init, tcommitted, taborted }};
var rm: array [RM] of RS; tm: TS; tp: array [RM] of boolean; mp: array [RM] of boolean; mc: boolean; ma: boolean;
startstate begin for r: RM do rm[r] := working; tp[r] := false; mp[r] := false; end; tm := init; mc := false; ma := false; end;
ruleset r: RM do
  rule "TMRcvPrepared" tm = init & mp[r] ==> begin tp[r] := true; end;
  rule "RMPrepare" rm[r] = working ==> begin rm[r] := prepared; mp[r] := true; end;
  rule "RMChooseToAbort" rm[r] = working ==> begin rm[r] := aborted; end;
  rule "RMRcvCommitMsg" mc ==> begin rm[r] := committed; end;
  rule "RMRcvAbortMsg" ma ==> begin rm[r] := aborted; end;
end;
rule "TMCommit" tm = init & forall r: RM do tp[r] end ==> begin tm := tcommitted; mc := true; end;
rule "TMAbort" tm = init ==> begin tm := taborted; ma := true; end;
invariant "consistent" !((exists r: RM do rm[r] = aborted end) & (exists r: RM do rm[r] = committed end));
"""


def grid_m(k):
    return f"""const K: {k}; type I: 0..K-1; D: 0..9; var c: array [I] of D;
startstate begin for i: I do c[i] := 0; end; end;
ruleset i: I do rule "inc" begin c[i] := (c[i] + 1) % 10; end; end;
"""


for n in (3, 6, 7, 8, 9, 10):
    w(f"tp{n}.pml", twophase_pml(n))
    w(f"tpp{n}.pml", twophase_packed_pml(n))
    w(f"tp{n}.m", twophase_m(n))
for k in (5, 6, 7, 8):
    w(f"grid{k}.pml", grid_pml(k))
    w(f"grid{k}.m", grid_m(k))
for n in (3, 4):
    w(f"pet{n}.pml", peterson_pml(n))
