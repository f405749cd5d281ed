;;         la s0, fields
;;         li s1, 50
;; again:  lw t0, 8(s0)
;;         beqz t0, next
;;         lw t1, 16(s0)
;;         blt t0, t1, next
;;         lw t2, 0(s0)
;;         sw t2, 24(s0)
;; next:   addi s1, s1, -1
;;         bnez s1, again
;;         ebreak
;;         .data
;;         .align 3
;; fields: .word 0, 0, 3, 0, 2, 0, 0
(module
  (type (;0;) (func (param i32 i32) (result i64 i32)))
  (type (;1;) (func (param i64 i32 i32 i64 i64 i32) (result i64 i32)))
  (type (;2;) (func (param i64 i64 i32) (result i64)))
  (type (;3;) (func (param i64 i32) (result i64)))
  (type (;4;) (func (param i64 i64 i64 i32) (result i64)))
  (type (;5;) (func (param i64 i32 i32) (result i64)))
  (type (;6;) (func (param i64) (result i64)))
  (import "host" "memory" (memory (;0;) 2090 2090))
  (import "host" "own" (table (;0;) 0 funcref))
  (func (;0;) (type 0) (param i32 i32) (result i64 i32)
    (local i64 i64 i32 i32 i64 i64 i64 i64 i64)
    (if  ;; label = @1
      (i32.lt_s
        (i32.or
          (i32.sub
            (local.get 0)
            (i32.const 32))
          (local.get 1))
        (i32.const 0))
      (then
        (i32.store
          (i32.const 3076)
          (i32.const 0))
        (return
          (i64.or
            (i64.const 65548)
            (i64.extend_i32_u
              (i32.lt_s
                (local.get 0)
                (i32.const 32))))
          (local.get 0))))
    (local.set 6
      (i64.load
        (i32.const 40)))
    (local.set 7
      (i64.load
        (i32.const 48)))
    (local.set 8
      (i64.load
        (i32.const 56)))
    (local.set 9
      (i64.load
        (i32.const 64)))
    (local.set 10
      (i64.load
        (i32.const 72)))
    (loop  ;; label = @1
      (block  ;; label = @2
        (if  ;; label = @3
          (i64.gt_u
            (i64.add
              (local.get 9)
              (i64.const -69632))
            (i64.const 4068))
          (then
            (i64.store
              (i32.const 40)
              (local.get 6))
            (i64.store
              (i32.const 48)
              (local.get 7))
            (i64.store
              (i32.const 56)
              (local.get 8))
            (i64.store
              (i32.const 72)
              (local.get 10))
            (i32.store
              (i32.const 3076)
              (i32.const 1))
            (return
              (i64.const 65549)
              (local.get 0))))
        (local.set 6
          (i64.load32_s offset=19464200
            (i32.wrap_i64
              (local.get 9))))
        (if  ;; label = @3
          (i64.eq
            (local.get 6)
            (i64.const 0))
          (then
            (br 1 (;@2;)))
          (else
            (local.set 7
              (i64.load32_s offset=19464208
                (i32.wrap_i64
                  (local.get 9))))
            (if  ;; label = @4
              (i64.lt_s
                (local.get 6)
                (local.get 7))
              (then
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const 2)))
                (br 2 (;@2;)))
              (else
                (local.set 8
                  (i64.load32_s offset=19464192
                    (i32.wrap_i64
                      (local.get 9))))
                (i64.store32 offset=19464216
                  (i32.wrap_i64
                    (local.get 9))
                  (local.get 8))
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const 4)))
                (br 2 (;@2;)))))))
      (block  ;; label = @2
        (local.set 10
          (i64.add
            (local.get 10)
            (i64.const -1)))
        (if  ;; label = @3
          (i64.ne
            (local.get 10)
            (i64.const 0))
          (then
            (block  ;; label = @4
              (local.set 6
                (i64.load32_s offset=19464200
                  (i32.wrap_i64
                    (local.get 9))))
              (if  ;; label = @5
                (i64.eq
                  (local.get 6)
                  (i64.const 0))
                (then
                  (br 1 (;@4;)))
                (else
                  (local.set 7
                    (i64.load32_s offset=19464208
                      (i32.wrap_i64
                        (local.get 9))))
                  (if  ;; label = @6
                    (i64.lt_s
                      (local.get 6)
                      (local.get 7))
                    (then
                      (local.set 0
                        (i32.sub
                          (local.get 0)
                          (i32.const 2)))
                      (br 2 (;@4;)))
                    (else
                      (local.set 8
                        (i64.load32_s offset=19464192
                          (i32.wrap_i64
                            (local.get 9))))
                      (i64.store32 offset=19464216
                        (i32.wrap_i64
                          (local.get 9))
                        (local.get 8))
                      (local.set 0
                        (i32.sub
                          (local.get 0)
                          (i32.const 4)))
                      (br 2 (;@4;)))))))
            (local.set 10
              (i64.add
                (local.get 10)
                (i64.const -1)))
            (if  ;; label = @4
              (i64.ne
                (local.get 10)
                (i64.const 0))
              (then
                (block  ;; label = @5
                  (local.set 6
                    (i64.load32_s offset=19464200
                      (i32.wrap_i64
                        (local.get 9))))
                  (if  ;; label = @6
                    (i64.eq
                      (local.get 6)
                      (i64.const 0))
                    (then
                      (br 1 (;@5;)))
                    (else
                      (local.set 7
                        (i64.load32_s offset=19464208
                          (i32.wrap_i64
                            (local.get 9))))
                      (if  ;; label = @7
                        (i64.lt_s
                          (local.get 6)
                          (local.get 7))
                        (then
                          (local.set 0
                            (i32.sub
                              (local.get 0)
                              (i32.const 2)))
                          (br 2 (;@5;)))
                        (else
                          (local.set 8
                            (i64.load32_s offset=19464192
                              (i32.wrap_i64
                                (local.get 9))))
                          (i64.store32 offset=19464216
                            (i32.wrap_i64
                              (local.get 9))
                            (local.get 8))
                          (local.set 0
                            (i32.sub
                              (local.get 0)
                              (i32.const 4)))
                          (br 2 (;@5;)))))))
                (local.set 10
                  (i64.add
                    (local.get 10)
                    (i64.const -1)))
                (if  ;; label = @5
                  (i64.ne
                    (local.get 10)
                    (i64.const 0))
                  (then
                    (block  ;; label = @6
                      (local.set 6
                        (i64.load32_s offset=19464200
                          (i32.wrap_i64
                            (local.get 9))))
                      (if  ;; label = @7
                        (i64.eq
                          (local.get 6)
                          (i64.const 0))
                        (then
                          (br 1 (;@6;)))
                        (else
                          (local.set 7
                            (i64.load32_s offset=19464208
                              (i32.wrap_i64
                                (local.get 9))))
                          (if  ;; label = @8
                            (i64.lt_s
                              (local.get 6)
                              (local.get 7))
                            (then
                              (local.set 0
                                (i32.sub
                                  (local.get 0)
                                  (i32.const 2)))
                              (br 2 (;@6;)))
                            (else
                              (local.set 8
                                (i64.load32_s offset=19464192
                                  (i32.wrap_i64
                                    (local.get 9))))
                              (i64.store32 offset=19464216
                                (i32.wrap_i64
                                  (local.get 9))
                                (local.get 8))
                              (local.set 0
                                (i32.sub
                                  (local.get 0)
                                  (i32.const 4)))
                              (br 2 (;@6;)))))))
                    (local.set 10
                      (i64.add
                        (local.get 10)
                        (i64.const -1)))
                    (if  ;; label = @6
                      (i64.ne
                        (local.get 10)
                        (i64.const 0))
                      (then
                        (local.set 0
                          (i32.sub
                            (local.get 0)
                            (i32.const 16)))
                        (if  ;; label = @7
                          (i32.lt_s
                            (local.get 0)
                            (i32.const 32))
                          (then
                            (i64.store
                              (i32.const 40)
                              (local.get 6))
                            (i64.store
                              (i32.const 48)
                              (local.get 7))
                            (i64.store
                              (i32.const 56)
                              (local.get 8))
                            (i64.store
                              (i32.const 72)
                              (local.get 10))
                            (i32.store
                              (i32.const 3076)
                              (i32.const 0))
                            (return
                              (i64.const 65549)
                              (local.get 0))))
                        (br 5 (;@1;)))
                      (else
                        (br 4 (;@2;)))))
                  (else
                    (local.set 0
                      (i32.sub
                        (local.get 0)
                        (i32.const -4)))
                    (br 3 (;@2;)))))
              (else
                (local.set 0
                  (i32.sub
                    (local.get 0)
                    (i32.const -8)))
                (br 2 (;@2;)))))
          (else
            (local.set 0
              (i32.sub
                (local.get 0)
                (i32.const -12)))
            (br 1 (;@2;)))))
      (i64.store
        (i32.const 40)
        (local.get 6))
      (i64.store
        (i32.const 48)
        (local.get 7))
      (i64.store
        (i32.const 56)
        (local.get 8))
      (i64.store
        (i32.const 72)
        (local.get 10))
      (i32.store
        (i32.const 3076)
        (i32.const 4))
      (return
        (i64.const 65581)
        (i32.sub
          (local.get 0)
          (i32.const 16))))
    (unreachable))
  (export "region0" (func 0)))
