#include "textflag.h"

// func rectangles(b *byte, n int, t *nibbles) (bits uint32, high, rest bool)
//
// Thirty-two bytes a turn; the last turn overlaps the one before it. Needs AVX2 and n >= 32.
TEXT ·rectangles(SB), NOSPLIT, $0-30
	MOVQ b+0(FP), SI
	MOVQ n+8(FP), DI
	MOVQ t+16(FP), DX
	LEAQ -32(SI)(DI*1), DI // where the last turn begins

	VBROADCASTI128 64(DX), Y4 // by the high half of a byte
	VBROADCASTI128 80(DX), Y5
	VBROADCASTI128 96(DX), Y6
	VBROADCASTI128 112(DX), Y7
	MOVL           $0x0f0f0f0f, AX
	VMOVD          AX, X15
	VPBROADCASTD   X15, Y15
	MOVL           $0x80808080, AX
	VMOVD          AX, X0
	VPBROADCASTD   X0, Y0
	VMOVDQU        Y0, Y14     // high bytes seen, and a mask of their bit below
	VPXOR          Y8, Y8, Y8  // rectangles seen, eight in each
	VPXOR          Y9, Y9, Y9
	VPXOR          Y10, Y10, Y10
	VPXOR          Y11, Y11, Y11
	VPCMPEQB       Y13, Y13, Y13 // least of all turns: zero where a byte was in none
	XORL           BX, BX

turn:
	VMOVDQU (SI), Y0
	VPMOVMSKB Y0, AX
	ORL     AX, BX
	VPSRLW  $4, Y0, Y1
	VPAND   Y15, Y1, Y1
	VPAND   Y14, Y0, Y12 // in a rectangle, or high

	VBROADCASTI128 0(DX), Y3
	VPSHUFB Y0, Y3, Y3
	VPSHUFB Y1, Y4, Y2
	VPAND   Y2, Y3, Y3
	VPOR    Y3, Y8, Y8
	VPOR    Y3, Y12, Y12

	VBROADCASTI128 16(DX), Y3
	VPSHUFB Y0, Y3, Y3
	VPSHUFB Y1, Y5, Y2
	VPAND   Y2, Y3, Y3
	VPOR    Y3, Y9, Y9
	VPOR    Y3, Y12, Y12

	VBROADCASTI128 32(DX), Y3
	VPSHUFB Y0, Y3, Y3
	VPSHUFB Y1, Y6, Y2
	VPAND   Y2, Y3, Y3
	VPOR    Y3, Y10, Y10
	VPOR    Y3, Y12, Y12

	VBROADCASTI128 48(DX), Y3
	VPSHUFB Y0, Y3, Y3
	VPSHUFB Y1, Y7, Y2
	VPAND   Y2, Y3, Y3
	VPOR    Y3, Y11, Y11
	VPOR    Y3, Y12, Y12
	VPMINUB Y12, Y13, Y13

	CMPQ    SI, DI
	JEQ     fold
	ADDQ    $32, SI
	CMPQ    SI, DI
	CMOVQHI DI, SI
	JMP     turn

fold:
	VEXTRACTI128 $1, Y8, X0
	VPOR         X0, X8, X8
	VEXTRACTI128 $1, Y9, X1
	VPOR         X1, X9, X9
	VEXTRACTI128 $1, Y10, X2
	VPOR         X2, X10, X10
	VEXTRACTI128 $1, Y11, X3
	VPOR         X3, X11, X11
	VPUNPCKLBW   X9, X8, X0 // bytes of the first two and of the last two side by side
	VPUNPCKHBW   X9, X8, X1
	VPOR         X1, X0, X0
	VPUNPCKLBW   X11, X10, X2
	VPUNPCKHBW   X11, X10, X3
	VPOR         X3, X2, X2
	VPUNPCKLWD   X2, X0, X1
	VPUNPCKHWD   X2, X0, X3
	VPOR         X3, X1, X1
	VPSHUFD      $0x4e, X1, X2
	VPOR         X2, X1, X1
	VPSHUFD      $0xb1, X1, X2
	VPOR         X2, X1, X1
	VMOVD        X1, AX
	MOVL         AX, bits+24(FP)
	TESTL        BX, BX
	SETNE        high+28(FP)
	VPXOR        Y0, Y0, Y0
	VPCMPEQB     Y0, Y13, Y0
	VPMOVMSKB    Y0, AX
	TESTL        AX, AX
	SETNE        rest+29(FP)
	VZEROUPPER
	RET
